<?php declare(strict_types=1);

namespace ZugabeThanks\Consent;

use Shopware\Core\Content\Cookie\Event\CookieGroupCollectEvent;
use Shopware\Core\Content\Cookie\Struct\CookieEntry;
use Shopware\Core\Content\Cookie\Struct\CookieEntryCollection;
use Shopware\Core\Content\Cookie\Struct\CookieGroup;
use Symfony\Component\EventDispatcher\EventSubscriberInterface;

/** The consent in shops that collect cookies by event (from 6.7.3 on). */
final class CookieGroups implements EventSubscriberInterface
{
    public static function getSubscribedEvents(): array
    {
        return [CookieGroupCollectEvent::class => 'onCollect'];
    }

    public function onCollect(CookieGroupCollectEvent $event): void
    {
        $group = $event->cookieGroupCollection->get(Cookie::GROUP);
        if ($group === null) {
            $group = new CookieGroup(Cookie::GROUP);
            $event->cookieGroupCollection->add($group);
        }
        $entries = $group->getEntries();
        if ($entries === null) {
            $entries = new CookieEntryCollection();
            $group->setEntries($entries);
        }
        $entry = new CookieEntry(Cookie::NAME);
        $entry->name = Cookie::LABEL;
        $entry->description = Cookie::DESCRIPTION;
        $entry->value = Cookie::VALUE;
        $entry->expiration = Cookie::DAYS;
        $entries->add($entry);
    }
}
