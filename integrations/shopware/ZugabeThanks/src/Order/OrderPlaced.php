<?php declare(strict_types=1);

namespace ZugabeThanks\Order;

use Psr\Log\LoggerInterface;
use Shopware\Core\Checkout\Cart\Event\CheckoutOrderPlacedEvent;
use Shopware\Core\Checkout\Order\OrderEntity;
use Shopware\Core\Framework\Context;
use Shopware\Core\Framework\DataAbstractionLayer\EntityRepository;
use Shopware\Core\Framework\DataAbstractionLayer\Search\Criteria;
use Shopware\Core\System\SystemConfig\SystemConfigService;
use Symfony\Component\EventDispatcher\EventSubscriberInterface;
use ZugabeThanks\Code\CodePool;
use ZugabeThanks\Lifecycle\CustomFields;

/**
 * What is written down when an order is placed? Its code and what the page may know.
 *
 * Nothing that goes wrong here may disturb an order: it is logged without any personal data, and the page is as it was.
 */
final class OrderPlaced implements EventSubscriberInterface
{
    public function __construct(
        private readonly CodePool $pool,
        private readonly CustomerOrders $customerOrders,
        private readonly EntityRepository $orders,
        private readonly EntityRepository $tags,
        private readonly SystemConfigService $config,
        private readonly LoggerInterface $logger,
    ) {
    }

    public static function getSubscribedEvents(): array
    {
        return [CheckoutOrderPlacedEvent::class => 'onOrderPlaced'];
    }

    public function onOrderPlaced(CheckoutOrderPlacedEvent $event): void
    {
        try {
            $this->write($event->getOrder(), $event->getContext(), $event->getSalesChannelId(), new \DateTimeImmutable());
        } catch (\Throwable $problem) {
            $this->logger->error('Zugabe could not prepare a thank-you page; the order is not affected.', [
                'order' => $event->getOrder()->getId(),
                'problem' => $problem::class,
                'at' => basename($problem->getFile()) . ':' . $problem->getLine(),
            ]);
        }
    }

    private function write(OrderEntity $order, Context $context, string $salesChannelId, \DateTimeImmutable $now): void
    {
        $customer = $order->getOrderCustomer()?->getCustomer();
        $earlier = $customer === null
            ? ['before' => 0, 'week' => 0]
            : $this->customerOrders->before($customer->getId(), $order->getId(), $now);
        $code = $this->code($order, $salesChannelId, $now);
        $facts = OrderFacts::of($order, $earlier, $code, $this->tagsOf($order, $context));
        $fields = [
            CustomFields::CODE => $code,
            CustomFields::TIER => $facts['tier'] ?? null,
            CustomFields::STAGE => $facts['stage'] ?? null,
            CustomFields::ORDER_NUMBER => $earlier['before'] + 1,
            CustomFields::FACTS => $facts,
        ];
        $this->orders->update(
            [['id' => $order->getId(), 'customFields' => array_filter($fields, static fn (mixed $value): bool => $value !== null)]],
            $context,
        );
    }

    /** The customer's own code, written by the batch; else one from the pool: guests and first buyers have none of their own. */
    private function code(OrderEntity $order, string $salesChannelId, \DateTimeImmutable $now): ?string
    {
        $customer = $order->getOrderCustomer()?->getCustomer();
        $own = $customer !== null && !$customer->getGuest() ? ($customer->getCustomFields()[CustomFields::CODE] ?? null) : null;
        if (\is_string($own) && $own !== '') {
            return $own;
        }
        $promotion = $this->config->getString('ZugabeThanks.config.promotion', $salesChannelId);
        if ($promotion === '') {
            return null;
        }
        $code = $this->pool->take($order->getId(), $promotion, $now);
        if ($code === null) {
            $this->logger->warning('Zugabe has no codes left: generate individual codes for its promotion.', ['promotion' => $promotion]);
        }

        return $code;
    }

    /**
     * The names of the product tags: rules and laws look at them.
     *
     * @return list<string>
     */
    private function tagsOf(OrderEntity $order, Context $context): array
    {
        $ids = [];
        foreach ($order->getLineItems() ?? [] as $item) {
            foreach ($item->getPayload()['tagIds'] ?? [] as $id) {
                $ids[(string) $id] = true;
            }
        }
        if ($ids === []) {
            return [];
        }
        $names = [];
        foreach ($this->tags->search(new Criteria(array_map(strval(...), array_keys($ids))), $context)->getEntities() as $tag) {
            $names[] = str_replace(',', ' ', $tag->getName());
        }
        sort($names);

        return $names;
    }
}
