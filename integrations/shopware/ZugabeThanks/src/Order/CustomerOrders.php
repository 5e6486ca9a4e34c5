<?php declare(strict_types=1);

namespace ZugabeThanks\Order;

use Doctrine\DBAL\Connection;
use Doctrine\DBAL\ParameterType;

/** Which order of this customer is it, and how many came in the last seven days? */
final class CustomerOrders
{
    /** Shopware's id of the version that is in force. */
    private const LIVE = '0fa91ce3e96a4bc2be4bd9ce752c3425';

    public function __construct(private readonly Connection $connection)
    {
    }

    /**
     * Orders before this one. A guest is a new customer with every order, so a guest's order is the first.
     *
     * @return array{before: int, week: int}
     */
    public function before(string $customerId, string $orderId, \DateTimeImmutable $now): array
    {
        $row = $this->connection->fetchAssociative(
            'SELECT COUNT(*) AS total, COALESCE(SUM(CASE WHEN o.`order_date_time` >= :week THEN 1 ELSE 0 END), 0) AS recent
             FROM `order_customer` c
             INNER JOIN `order` o ON o.`id` = c.`order_id` AND o.`version_id` = c.`order_version_id`
             WHERE c.`customer_id` = :customer AND c.`version_id` = :live AND o.`id` <> :order',
            [
                'week' => $now->setTimezone(new \DateTimeZone('UTC'))->modify('-7 days')->format('Y-m-d H:i:s'),
                'customer' => hex2bin($customerId),
                'live' => hex2bin(self::LIVE),
                'order' => hex2bin($orderId),
            ],
            ['customer' => ParameterType::BINARY, 'live' => ParameterType::BINARY, 'order' => ParameterType::BINARY],
        );

        return ['before' => (int) ($row['total'] ?? 0), 'week' => (int) ($row['recent'] ?? 0)];
    }
}
