<?php declare(strict_types=1);

/**
 * Stand-ins for the parts of Shopware 6.6 and 6.7 that the plugin calls, written from Shopware's documentation: names,
 * arguments and results are the same, what is behind them is as small as a test needs. Doctrine DBAL is the real one.
 */

namespace Shopware\Core\Framework {
    class Context
    {
    }

    abstract class Plugin
    {
        public ?object $container = null;

        public function install(Plugin\Context\InstallContext $installContext): void
        {
        }

        public function update(Plugin\Context\UpdateContext $updateContext): void
        {
        }

        public function uninstall(Plugin\Context\UninstallContext $uninstallContext): void
        {
        }
    }
}

namespace Shopware\Core\Framework\Plugin\Context {
    use Shopware\Core\Framework\Context;

    class InstallContext
    {
        public function __construct(private readonly bool $keepUserData = false)
        {
        }

        public function getContext(): Context
        {
            return new Context();
        }

        public function keepUserData(): bool
        {
            return $this->keepUserData;
        }
    }

    class UpdateContext extends InstallContext
    {
    }

    class UninstallContext extends InstallContext
    {
    }
}

namespace Shopware\Core\Framework\Migration {
    abstract class MigrationStep
    {
        abstract public function getCreationTimestamp(): int;

        abstract public function update(\Doctrine\DBAL\Connection $connection): void;

        abstract public function updateDestructive(\Doctrine\DBAL\Connection $connection): void;
    }
}

namespace Shopware\Core\Framework\DataAbstractionLayer\Search {
    class Criteria
    {
        /** @param list<string> $ids */
        public function __construct(public readonly array $ids = [])
        {
        }
    }

    class EntitySearchResult
    {
        /** @param list<object> $entities */
        public function __construct(private readonly array $entities)
        {
        }

        /** @return list<object> */
        public function getEntities(): array
        {
            return $this->entities;
        }
    }
}

namespace Shopware\Core\Framework\DataAbstractionLayer {
    use Shopware\Core\Framework\Context;

    /** Keeps what it is told, and merges custom fields as Shopware does. */
    class EntityRepository
    {
        /** @var array<string, array<string, mixed>> */
        public array $rows = [];

        /** @param array<string, object> $entities */
        public function __construct(private readonly array $entities = [])
        {
        }

        public function update(array $data, Context $context): void
        {
            $this->upsert($data, $context);
        }

        public function upsert(array $data, Context $context): void
        {
            foreach ($data as $row) {
                $this->rows[$row['id']] = array_replace_recursive($this->rows[$row['id']] ?? [], $row);
            }
        }

        public function delete(array $ids, Context $context): void
        {
            foreach ($ids as ['id' => $id]) {
                unset($this->rows[$id]);
            }
        }

        public function search(Search\Criteria $criteria, Context $context): Search\EntitySearchResult
        {
            return new Search\EntitySearchResult(array_values(array_intersect_key($this->entities, array_flip($criteria->ids))));
        }
    }
}

namespace Shopware\Core\System\SystemConfig {
    class SystemConfigService
    {
        /** @param array<string, string> $values */
        public function __construct(private readonly array $values)
        {
        }

        public function getString(string $key, ?string $salesChannelId = null): string
        {
            return $this->values[$key] ?? '';
        }
    }
}

namespace Shopware\Core\Checkout\Order {
    /** The getters of Shopware's entities, answered from an array. */
    class Entity
    {
        /** @param array<string, mixed> $data */
        public function __construct(protected readonly array $data)
        {
        }

        public function __call(string $name, array $arguments): mixed
        {
            return $this->data[lcfirst(substr($name, 3))] ?? null;
        }
    }

    class Collection extends \ArrayIterator
    {
        public function first(): mixed
        {
            return $this->count() === 0 ? null : $this->offsetGet(0);
        }
    }

    class OrderEntity extends Entity
    {
        public function getId(): string
        {
            return $this->data['id'];
        }

        public function getPositionPrice(): float
        {
            return $this->data['positionPrice'];
        }
    }
}

namespace Shopware\Core\Checkout\Cart\Event {
    use Shopware\Core\Checkout\Order\OrderEntity;
    use Shopware\Core\Framework\Context;

    class CheckoutOrderPlacedEvent
    {
        public function __construct(private readonly Context $context, private readonly OrderEntity $order, private readonly string $salesChannelId)
        {
        }

        public function getContext(): Context
        {
            return $this->context;
        }

        public function getOrder(): OrderEntity
        {
            return $this->order;
        }

        public function getSalesChannelId(): string
        {
            return $this->salesChannelId;
        }
    }
}

namespace Shopware\Storefront\Framework\Cookie {
    interface CookieProviderInterface
    {
        public function getCookieGroups(): array;
    }
}

namespace Symfony\Component\EventDispatcher {
    interface EventSubscriberInterface
    {
        public static function getSubscribedEvents();
    }
}

namespace Psr\Log {
    if (!interface_exists(LoggerInterface::class)) {
        interface LoggerInterface
        {
            public function warning($message, array $context = []);

            public function error($message, array $context = []);
        }
    }
}
