<?php declare(strict_types=1);

namespace ZugabeThanks\Migration;

use Doctrine\DBAL\Connection;
use Shopware\Core\Framework\Migration\MigrationStep;

/** The codes that wait for an order, and those that have one. */
class Migration1763888400CodePool extends MigrationStep
{
    public function getCreationTimestamp(): int
    {
        return 1763888400;
    }

    public function update(Connection $connection): void
    {
        // The unique order is what lets an order have one code only, however many requests come at once.
        $connection->executeStatement(<<<'SQL'
            CREATE TABLE IF NOT EXISTS `zugabe_code` (
                `code` VARCHAR(255) NOT NULL,
                `promotion_id` BINARY(16) NOT NULL,
                `order_id` BINARY(16) NULL,
                `taken_at` DATETIME NULL,
                `created_at` DATETIME NOT NULL,
                PRIMARY KEY (`code`),
                UNIQUE KEY `uniq.zugabe_code.order_id` (`order_id`),
                KEY `idx.zugabe_code.free` (`promotion_id`, `order_id`)
            ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci
            SQL);
    }

    public function updateDestructive(Connection $connection): void
    {
    }
}
