<?php
declare(strict_types=1);

namespace Zugabe\Thanks;

/** What stands on the thank-you page? The element with the order's facts. Nothing here may disturb an order. */
final class Page
{
    public const META = '_zugabe_code';

    private static string $file = '';

    public static function register(string $file): void
    {
        self::$file = $file;
        \add_action('woocommerce_checkout_order_processed', [self::class, 'assign']);
        \add_action('woocommerce_store_api_checkout_order_processed', [self::class, 'assign']);
        \add_action('woocommerce_thankyou', [self::class, 'show']);
    }

    /** Gives the order its code, so that mails and packing lists have it, too. */
    public static function assign(int|\WC_Order $order): ?string
    {
        try {
            $order = $order instanceof \WC_Order ? $order : \wc_get_order($order);
            if (!$order instanceof \WC_Order) {
                return null;
            }
            $known = (string) $order->get_meta(self::META);
            if ($known !== '') {
                return $known;
            }
            $customer = (int) $order->get_customer_id();
            $own = $customer === 0 ? '' : (string) \get_user_meta($customer, 'zugabe_code', true);
            $code = $own !== '' ? $own : Pool::current()->take($order->get_id());
            if ($code === null) {
                self::log('warning', 'Zugabe has no codes left: paste new ones in its settings.');

                return null;
            }
            $order->update_meta_data(self::META, $code);
            $order->save();

            return $code;
        } catch (\Throwable $problem) {
            self::log('error', 'Zugabe could not assign a code; the order is not affected: ' . $problem::class . ' at ' . \basename($problem->getFile()) . ':' . $problem->getLine());

            return null;
        }
    }

    public static function show(int $orderId): void
    {
        try {
            $order = \wc_get_order($orderId);
            if (Policy::text() === '' || !$order instanceof \WC_Order || $order->has_status(['failed', 'cancelled'])) {
                return;
            }
            $html = self::element(Facts::of($order, self::assign($order)));
            \wp_enqueue_script_module('zugabe-thanks', \plugins_url('assets/thanks.js', self::$file), [], '0.1.0');
            echo $html; // Every value in it was escaped.
        } catch (\Throwable $problem) {
            self::log('error', 'Zugabe could not show its thanks: ' . $problem::class . ' at ' . \basename($problem->getFile()) . ':' . $problem->getLine());
        }
    }

    /** @param array<string, string> $facts */
    public static function element(array $facts): string
    {
        $attributes = '';
        foreach ($facts + ['policy' => Policy::address()] as $name => $value) {
            $attributes .= \sprintf(' %s="%s"', $name, $name === 'policy' ? \esc_url($value) : \esc_attr($value));
        }

        return \sprintf(
            '<zugabe-thanks class="zugabe-thanks"%s><p>%s</p></zugabe-thanks>',
            $attributes,
            \esc_html(\__('Thank you. We are glad that you are here.', 'zugabe-thanks'))
        );
    }

    /** Nothing personal: no name, no address, no code. */
    private static function log(string $level, string $message): void
    {
        \wc_get_logger()->log($level, $message, ['source' => 'zugabe-thanks']);
    }
}
