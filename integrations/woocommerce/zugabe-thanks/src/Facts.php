<?php
declare(strict_types=1);

namespace Zugabe\Thanks;

/** What may the page know of this order? Attributes of `<zugabe-thanks>`; what is unknown is left out, and nothing is decided here. */
final class Facts
{
    private const TIERS = ['top_vip', 'vip', 'premium', 'none'];
    private const STAGES = ['interested', 'lead', 'follower', 'first_buyer', 'relationship', 'vip', 'dormant'];

    /** @return array<string, string> */
    public static function of(\WC_Order $order, ?string $code): array
    {
        $currency = $order->get_currency();
        $customer = (int) $order->get_customer_id();
        [$total, $tags, $parcel] = self::goods($order);
        $meta = static fn (string $name): string => $customer === 0 ? '' : (string) \get_user_meta($customer, "zugabe_$name", true);

        return self::present([
            'order-id' => (string) $order->get_order_number(),
            'order-total' => (string) \max(0, Minor::of($total, $currency)),
            'currency' => $currency,
            'country' => $order->get_shipping_country() ?: $order->get_billing_country(),
            'digital' => $parcel ? null : '',
            'tags' => \implode(',', $tags),
            'order-number' => (string) (self::ordersBefore($order, $customer) + 1),
            // Every earlier order had a thank-you page with at most one offer: more than it were cannot have been seen.
            'sent' => (string) self::ordersBefore($order, $customer, '>' . (\time() - 7 * 86400)),
            'customer' => $customer === 0 ? null : (string) $customer,
            'customer-name' => $order->get_billing_first_name(),
            'tier' => \in_array($meta('tier'), self::TIERS, true) ? $meta('tier') : null,
            'stage' => \in_array($meta('stage'), self::STAGES, true) ? $meta('stage') : null,
            'objected' => \in_array($meta('objected'), ['1', 'true', 'yes'], true) ? 'true' : null,
            'code' => $code,
        ]);
    }

    /** @return array{float, list<string>, bool} what the goods cost with tax, their tags, whether any of them is sent */
    private static function goods(\WC_Order $order): array
    {
        [$total, $tags, $parcel] = [0.0, [], false];
        foreach ($order->get_items() as $item) {
            $total += (float) $item->get_total() + (float) $item->get_total_tax();
            $product = $item->get_product();
            $parcel = $parcel || ($product && $product->needs_shipping());
            $terms = \get_the_terms($item->get_product_id(), 'product_tag');
            foreach (\is_array($terms) ? $terms : [] as $term) {
                $tags[\str_replace(',', ' ', $term->name)] = true;
            }
        }
        $tags = \array_map('strval', \array_keys($tags));
        \sort($tags);

        return [$total, $tags, $parcel];
    }

    /** Paid orders of an account before this one. Who typed somebody's e-mail address as a guest learns nothing of their orders. */
    private static function ordersBefore(\WC_Order $order, int $customer, ?string $since = null): int
    {
        if ($customer === 0) {
            return 0;
        }
        $query = [
            'customer_id' => $customer,
            'exclude' => [$order->get_id()],
            'status' => \wc_get_is_paid_statuses(),
            'type' => 'shop_order',
            'limit' => 1,
            'paginate' => true,
            'return' => 'ids',
        ];

        return (int) \wc_get_orders($since === null ? $query : $query + ['date_created' => $since])->total;
    }

    /**
     * `digital` is there or not and has no value; every other empty text is absent.
     *
     * @param array<string, ?string> $facts
     *
     * @return array<string, string>
     */
    private static function present(array $facts): array
    {
        return \array_filter(
            $facts,
            static fn (?string $value, string $name): bool => $value !== null && ($value !== '' || $name === 'digital'),
            \ARRAY_FILTER_USE_BOTH
        );
    }
}
