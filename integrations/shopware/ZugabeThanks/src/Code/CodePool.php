<?php declare(strict_types=1);

namespace ZugabeThanks\Code;

use Doctrine\DBAL\Connection;
use Doctrine\DBAL\Exception\RetryableException;
use Doctrine\DBAL\Exception\UniqueConstraintViolationException;
use Doctrine\DBAL\ParameterType;

/**
 * Which code belongs to this order? The same one whenever it is asked, and never that of another order.
 *
 * The codes are individual codes of a Shopware promotion, so that Shopware redeems them. Two things make taking one
 * safe: the update only hits a code that is still free, and the database lets an order have one code only.
 */
final class CodePool
{
    private const TRIES = 40;
    private const WINDOW = 24;
    private const REFILL = 500;

    public function __construct(private readonly Connection $connection)
    {
    }

    /** The order's code, taken now if it has none yet; null when the promotion has none left. */
    public function take(string $orderId, string $promotionId, \DateTimeInterface $now): ?string
    {
        $refilled = false;
        for ($try = 0; $try < self::TRIES; ++$try) {
            try {
                $own = $this->of($orderId);
                if ($own !== null) {
                    return $own;
                }
                $code = $this->free($promotionId, $orderId, $try);
                if ($code !== null) {
                    $this->claim($code, $orderId, $now);
                } elseif (!$refilled) {
                    $refilled = true;
                    $this->refill($promotionId, $now);
                } else {
                    return null;
                }
            } catch (UniqueConstraintViolationException) {
                // Another request was first, with this order or this refill. The next turn sees what it did.
                $refilled = false;
            } catch (RetryableException) {
                // A deadlock or a lock that took too long: the database asks to try again.
            }
        }

        return null;
    }

    /** The code this order has. */
    public function of(string $orderId): ?string
    {
        $code = $this->connection->fetchOne(
            'SELECT `code` FROM `zugabe_code` WHERE `order_id` = :order',
            ['order' => self::bytes($orderId)],
            ['order' => ParameterType::BINARY],
        );

        return $code === false ? null : (string) $code;
    }

    /** How many codes of a promotion are left, those not yet in the pool included. */
    public function left(string $promotionId): int
    {
        return (int) $this->connection->fetchOne(
            'SELECT COUNT(*) FROM `promotion_individual_code` i LEFT JOIN `zugabe_code` z ON z.`code` = i.`code`
             WHERE i.`promotion_id` = :promotion AND i.`payload` IS NULL AND z.`order_id` IS NULL',
            ['promotion' => self::bytes($promotionId)],
            ['promotion' => ParameterType::BINARY],
        );
    }

    /** A code that is free and that Shopware still accepts. Orders that come at once look at different ones. */
    private function free(string $promotionId, string $orderId, int $try): ?string
    {
        $codes = $this->connection->fetchFirstColumn(
            'SELECT z.`code` FROM `zugabe_code` z
             INNER JOIN `promotion_individual_code` i ON i.`code` = z.`code` AND i.`promotion_id` = z.`promotion_id`
             WHERE z.`promotion_id` = :promotion AND z.`order_id` IS NULL AND i.`payload` IS NULL
             LIMIT ' . self::WINDOW,
            ['promotion' => self::bytes($promotionId)],
            ['promotion' => ParameterType::BINARY],
        );

        return $codes === [] ? null : (string) $codes[(crc32($orderId) + $try) % \count($codes)];
    }

    private function claim(string $code, string $orderId, \DateTimeInterface $now): void
    {
        $this->connection->executeStatement(
            'UPDATE `zugabe_code` SET `order_id` = :order, `taken_at` = :now WHERE `code` = :code AND `order_id` IS NULL',
            ['order' => self::bytes($orderId), 'now' => self::time($now), 'code' => $code],
            ['order' => ParameterType::BINARY],
        );
    }

    /** Brings the promotion's next codes into the pool. */
    private function refill(string $promotionId, \DateTimeInterface $now): void
    {
        $this->connection->executeStatement(
            'INSERT INTO `zugabe_code` (`code`, `promotion_id`, `created_at`)
             SELECT i.`code`, i.`promotion_id`, :now FROM `promotion_individual_code` i
             LEFT JOIN `zugabe_code` z ON z.`code` = i.`code`
             WHERE i.`promotion_id` = :promotion AND i.`payload` IS NULL AND z.`code` IS NULL
             LIMIT ' . self::REFILL,
            ['promotion' => self::bytes($promotionId), 'now' => self::time($now)],
            ['promotion' => ParameterType::BINARY],
        );
    }

    private static function bytes(string $id): string
    {
        return preg_match('/^[0-9a-f]{32}$/', $id) === 1
            ? (string) hex2bin($id)
            : throw new \InvalidArgumentException('An id of Shopware has 32 hexadecimal digits.');
    }

    private static function time(\DateTimeInterface $now): string
    {
        return $now->format('Y-m-d H:i:s');
    }
}
