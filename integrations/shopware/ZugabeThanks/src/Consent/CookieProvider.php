<?php declare(strict_types=1);

namespace ZugabeThanks\Consent;

use Shopware\Core\Content\Cookie\Event\CookieGroupCollectEvent;
use Shopware\Storefront\Framework\Cookie\CookieProviderInterface;

/** The consent in shops that ask a provider for their cookies (before 6.7.3). Newer ones ask by event, see CookieGroups. */
final class CookieProvider implements CookieProviderInterface
{
    public function __construct(private readonly CookieProviderInterface $inner)
    {
    }

    /** @return list<array<string, mixed>> */
    public function getCookieGroups(): array
    {
        $groups = $this->inner->getCookieGroups();
        if (class_exists(CookieGroupCollectEvent::class)) {
            return $groups;
        }
        $entry = [
            'snippet_name' => Cookie::LABEL,
            'snippet_description' => Cookie::DESCRIPTION,
            'cookie' => Cookie::NAME,
            'value' => Cookie::VALUE,
            'expiration' => (string) Cookie::DAYS,
        ];
        foreach ($groups as $index => $group) {
            if (($group['snippet_name'] ?? null) === Cookie::GROUP && isset($group['entries'])) {
                $groups[$index]['entries'][] = $entry;

                return $groups;
            }
        }
        $groups[] = ['snippet_name' => Cookie::GROUP, 'entries' => [$entry]];

        return $groups;
    }
}
