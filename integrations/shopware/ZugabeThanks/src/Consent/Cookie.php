<?php declare(strict_types=1);

namespace ZugabeThanks\Consent;

/**
 * Which consent is asked for? One entry under "comfort features": offers that fit what somebody bought before.
 *
 * The page stores nothing itself. Shopware's consent manager sets this cookie when the customer allows it, and the
 * storefront script only looks whether it is there.
 */
final class Cookie
{
    public const NAME = 'zugabe-personal';
    public const VALUE = '1';
    public const DAYS = 30;
    public const GROUP = 'cookie.groupComfortFeatures';
    public const LABEL = 'zugabe.cookie.name';
    public const DESCRIPTION = 'zugabe.cookie.description';
}
