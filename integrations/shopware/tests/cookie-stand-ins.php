<?php declare(strict_types=1);

/** Stand-ins for what Shopware has from 6.7.3 on. Loaded by the tests that play such a shop; the others play an older one. */

namespace Shopware\Core\Content\Cookie\Struct {
    class CookieEntry
    {
        public ?string $value = null;

        public ?int $expiration = null;

        public ?string $name = null;

        public ?string $description = null;

        public function __construct(public string $cookie)
        {
        }
    }

    class CookieEntryCollection extends \ArrayObject
    {
        public function add(CookieEntry $entry): void
        {
            $this->append($entry);
        }
    }

    class CookieGroup
    {
        private ?CookieEntryCollection $entries = null;

        public function __construct(public readonly string $technicalName)
        {
        }

        public function getEntries(): ?CookieEntryCollection
        {
            return $this->entries;
        }

        public function setEntries(?CookieEntryCollection $entries): void
        {
            $this->entries = $entries;
        }
    }

    class CookieGroupCollection
    {
        /** @var array<string, CookieGroup> */
        public array $groups = [];

        public function get(string $name): ?CookieGroup
        {
            return $this->groups[$name] ?? null;
        }

        public function add(CookieGroup $group): void
        {
            $this->groups[$group->technicalName] = $group;
        }
    }
}

namespace Shopware\Core\Content\Cookie\Event {
    use Shopware\Core\Content\Cookie\Struct\CookieGroupCollection;

    class CookieGroupCollectEvent
    {
        public function __construct(public CookieGroupCollection $cookieGroupCollection)
        {
        }
    }
}
