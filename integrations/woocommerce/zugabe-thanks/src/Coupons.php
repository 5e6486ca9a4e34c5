<?php
declare(strict_types=1);

namespace Zugabe\Thanks;

/** How does a code become a coupon? With the terms of a coupon that the shop made as a template, once per code. */
final class Coupons
{
    /** So many at once: each one is a post, and a page may not load for minutes. */
    public const AT_ONCE = 500;

    private const TERMS = [
        'discount_type', 'amount', 'date_expires', 'minimum_amount', 'maximum_amount', 'individual_use', 'exclude_sale_items',
        'product_ids', 'excluded_product_ids', 'product_categories', 'excluded_product_categories', 'free_shipping', 'limit_usage_to_x_items',
    ];

    /**
     * Reads codes as a person pastes them: one a line, or with commas, or a column of a spreadsheet.
     *
     * @return list<string>
     */
    public static function read(string $text): array
    {
        $codes = \preg_split('/[\s,;"]+/', \strtoupper($text), -1, \PREG_SPLIT_NO_EMPTY) ?: [];

        return \array_values(\array_unique(\array_filter($codes, static fn (string $code): bool => \preg_match('/^[A-Z0-9][A-Z0-9-]{3,63}$/', $code) === 1)));
    }

    /**
     * Takes codes into the pool; with a template, those that are no coupons yet become some.
     *
     * @param list<string> $codes
     *
     * @return array{added: int, known: int, coupons: int, missing: int}
     */
    public static function add(Pool $pool, array $codes, string $template): array
    {
        $terms = $template === '' ? 0 : (int) \wc_get_coupon_id_by_code($template);
        $report = ['added' => 0, 'known' => 0, 'coupons' => 0, 'missing' => 0];
        foreach (\array_slice($codes, 0, self::AT_ONCE) as $code) {
            $redeemable = (int) \wc_get_coupon_id_by_code($code) !== 0;
            if (!$redeemable && $terms !== 0) {
                self::create($code, new \WC_Coupon($terms));
                ++$report['coupons'];
            } elseif (!$redeemable) {
                // A code that nobody can redeem is not given to anybody.
                ++$report['missing'];
                continue;
            }
            ++$report[$pool->add($code) ? 'added' : 'known'];
        }

        return $report;
    }

    private static function create(string $code, \WC_Coupon $terms): void
    {
        $coupon = new \WC_Coupon();
        $coupon->set_code($code);
        foreach (self::TERMS as $term) {
            $coupon->{"set_$term"}($terms->{"get_$term"}());
        }
        $coupon->set_usage_limit(1);
        $coupon->set_usage_limit_per_user(1);
        $coupon->save();
    }
}
