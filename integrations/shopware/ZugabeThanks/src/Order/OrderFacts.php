<?php declare(strict_types=1);

namespace ZugabeThanks\Order;

use Shopware\Core\Checkout\Order\OrderEntity;
use ZugabeThanks\Lifecycle\CustomFields;

/** What may the page know of this order? Attributes of `<zugabe-thanks>`; what is unknown is left out, and nothing is decided here. */
final class OrderFacts
{
    /**
     * @param array{before: int, week: int} $orders
     * @param list<string> $tags tags of the products
     *
     * @return array<string, string>
     */
    public static function of(OrderEntity $order, array $orders, ?string $code, array $tags): array
    {
        $currency = $order->getCurrency()?->getIsoCode();
        $customer = $order->getOrderCustomer()?->getCustomer();
        $account = $customer !== null && !$customer->getGuest();
        $fields = $account ? ($customer->getCustomFields() ?? []) : [];
        $delivery = $order->getDeliveries()?->first();

        return self::present([
            'order-id' => $order->getOrderNumber(),
            'order-total' => $currency === null ? null : (string) max(0, Minor::of($order->getPositionPrice(), $currency)),
            'currency' => $currency,
            'country' => $delivery?->getShippingOrderAddress()?->getCountry()?->getIso(),
            'digital' => $delivery === null ? '' : null,
            'tags' => $tags === [] ? null : implode(',', $tags),
            'order-number' => (string) ($orders['before'] + 1),
            // Every earlier order had a thank-you page with at most one offer: more than it were cannot have been seen.
            'sent' => (string) $orders['week'],
            'customer' => $account ? $customer->getCustomerNumber() : null,
            'customer-name' => $order->getOrderCustomer()?->getFirstName(),
            'tier' => self::oneOf($fields[CustomFields::TIER] ?? null, CustomFields::TIERS),
            'stage' => self::oneOf($fields[CustomFields::STAGE] ?? null, CustomFields::STAGES),
            'objected' => ($fields[CustomFields::OBJECTED] ?? false) === true ? 'true' : null,
            'code' => $code,
        ]);
    }

    /** @param list<string> $allowed */
    private static function oneOf(mixed $value, array $allowed): ?string
    {
        return \is_string($value) && \in_array($value, $allowed, true) ? $value : null;
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
        return array_filter(
            $facts,
            static fn (?string $value, string $name): bool => $value !== null && ($value !== '' || $name === 'digital'),
            \ARRAY_FILTER_USE_BOTH,
        );
    }
}
