<?php
declare(strict_types=1);

namespace Zugabe\Thanks;

/** What does the shop owner see? One page under WooCommerce: the policy, the codes, and how many are left. */
final class Settings
{
    private const PAGE = 'zugabe-thanks';
    private const ACTION = 'zugabe_thanks_save';
    private const TEMPLATE = 'zugabe_thanks_template';

    public static function register(): void
    {
        \add_action('admin_menu', static function (): void {
            \add_submenu_page('woocommerce', 'Zugabe', 'Zugabe', 'manage_woocommerce', self::PAGE, [self::class, 'show']);
        });
        \add_action('admin_post_' . self::ACTION, [self::class, 'save']);
    }

    public static function save(): void
    {
        if (!\current_user_can('manage_woocommerce')) {
            \wp_die(\esc_html(\__('You may not change these settings.', 'zugabe-thanks')));
        }
        \check_admin_referer(self::ACTION);
        $given = static fn (string $name): string => \trim((string) \wp_unslash($_POST[$name] ?? ''));
        $notes = self::store($given('policy'), $given('template'), $given('codes'));
        \set_transient('zugabe_thanks_notes_' . \get_current_user_id(), $notes, 60);
        \wp_safe_redirect(\admin_url('admin.php?page=' . self::PAGE));
        exit;
    }

    /**
     * What was sent is checked as a whole before any of it is kept.
     *
     * @return list<array{string, string}> notes for the shop owner: `error` or `success`, and a sentence
     */
    public static function store(string $policy, string $template, string $codes): array
    {
        $problem = $policy === '' ? null : Policy::problem($policy);
        if ($problem !== null) {
            return [['error', $problem]];
        }
        if ($template !== '' && (int) \wc_get_coupon_id_by_code($template) === 0) {
            return [['error', \sprintf(\__('There is no coupon "%s" to take the terms from.', 'zugabe-thanks'), $template)]];
        }
        \update_option(Policy::OPTION, $policy, false);
        \update_option(self::TEMPLATE, $template, false);
        $notes = [['success', \__('Saved.', 'zugabe-thanks')]];
        $read = Coupons::read($codes);
        if ($codes !== '' && $read === []) {
            $notes[] = ['error', \__('No codes were found in what you pasted.', 'zugabe-thanks')];
        }
        if ($read !== []) {
            $report = Coupons::add(Pool::current(), $read, $template);
            $notes[] = ['success', \sprintf(\__('%1$d codes added, %2$d were there already, %3$d coupons made.', 'zugabe-thanks'), $report['added'], $report['known'], $report['coupons'])];
            if ($report['missing'] > 0) {
                $notes[] = ['error', \sprintf(\__('%d codes are no coupons in this shop, so they were left out: name a coupon whose terms they take, or bring the coupons in first.', 'zugabe-thanks'), $report['missing'])];
            }
            if (\count($read) > Coupons::AT_ONCE) {
                $notes[] = ['error', \sprintf(\__('Only the first %d codes were taken: paste the rest once more.', 'zugabe-thanks'), Coupons::AT_ONCE)];
            }
        }

        return $notes;
    }

    public static function show(): void
    {
        $key = 'zugabe_thanks_notes_' . \get_current_user_id();
        $notes = \get_transient($key) ?: [];
        \delete_transient($key);
        echo '<div class="wrap"><h1>Zugabe</h1>';
        foreach ($notes as [$kind, $sentence]) {
            \printf('<div class="notice notice-%s"><p>%s</p></div>', \esc_attr($kind), \esc_html($sentence));
        }
        \printf('<form method="post" action="%s">', \esc_url(\admin_url('admin-post.php')));
        \printf('<input type="hidden" name="action" value="%s">', \esc_attr(self::ACTION));
        \wp_nonce_field(self::ACTION);
        echo '<table class="form-table" role="presentation">';
        self::row('policy', \__('Policy', 'zugabe-thanks'), \__('The content of policy.json, from the studio or from "zugabe publish". It is public and holds no costs.', 'zugabe-thanks'), \sprintf('<textarea id="policy" name="policy" rows="10" class="large-text code">%s</textarea>', \esc_textarea(Policy::text())));
        self::row('template', \__('Terms of new coupons', 'zugabe-thanks'), \__('The code of a coupon of yours. New codes become coupons with its terms, each for one use. Leave it empty when the codes are coupons already.', 'zugabe-thanks'), \sprintf('<input id="template" name="template" class="regular-text" value="%s">', \esc_attr((string) \get_option(self::TEMPLATE, ''))));
        self::row('codes', \__('Add codes', 'zugabe-thanks'), \sprintf(\__('One a line. %d codes are left.', 'zugabe-thanks'), Pool::current()->left()), '<textarea id="codes" name="codes" rows="6" class="large-text code"></textarea>');
        echo '</table>';
        \submit_button();
        echo '</form></div>';
    }

    private static function row(string $id, string $label, string $help, string $field): void
    {
        \printf('<tr><th scope="row"><label for="%s">%s</label></th><td>%s<p class="description">%s</p></td></tr>', \esc_attr($id), \esc_html($label), $field, \esc_html($help));
    }
}
