<?php
declare(strict_types=1);

namespace Zugabe\Thanks;

/** How many minor units is that? Digits by ISO 4217, whatever the shop shows; a test compares them with the core's table. */
final class Minor
{
    private const NONE = ['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'];
    private const THREE = ['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'];

    public static function digits(string $currency): int
    {
        return \in_array($currency, self::NONE, true) ? 0 : (\in_array($currency, self::THREE, true) ? 3 : 2);
    }

    public static function of(float $amount, string $currency): int
    {
        return (int) \round($amount * 10 ** self::digits($currency));
    }
}
