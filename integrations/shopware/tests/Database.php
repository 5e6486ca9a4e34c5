<?php declare(strict_types=1);

use Doctrine\DBAL\Connection;
use Doctrine\DBAL\DriverManager;
use Doctrine\DBAL\ParameterType;
use ZugabeThanks\Migration\Migration1763888400CodePool;

/** A connection on which somebody else may be faster: `rival` runs once, right before a code would be claimed. */
final class RivalConnection extends Connection
{
    /** @var (\Closure(string): void)|null */
    public ?Closure $rival = null;

    public function executeStatement($sql, array $params = [], array $types = [])
    {
        if ($this->rival !== null && str_starts_with((string) $sql, 'UPDATE `zugabe_code`')) {
            [$rival, $this->rival] = [$this->rival, null];
            $rival($params['code']);
        }

        return parent::executeStatement($sql, $params, $types);
    }
}

/**
 * The database of a shop: SQLite, or MariaDB where ZUGABE_MYSQL says how to reach one on this machine. On SQLite the
 * migration's table is the same less what only MySQL writes: its index and its storage engine.
 */
final class Database
{
    public const PROMOTION = '0123456789abcdef0123456789abcdef';
    private const LIVE = '0fa91ce3e96a4bc2be4bd9ce752c3425';

    public static function mysql(): bool
    {
        return getenv('ZUGABE_MYSQL') !== false;
    }

    public static function connect(string $file): Connection
    {
        if (self::mysql()) {
            return DriverManager::getConnection(['wrapperClass' => RivalConnection::class] + json_decode((string) getenv('ZUGABE_MYSQL'), true, 512, \JSON_THROW_ON_ERROR));
        }
        $connection = DriverManager::getConnection(['driver' => 'pdo_sqlite', 'path' => $file, 'wrapperClass' => RivalConnection::class]);
        $connection->executeStatement('PRAGMA busy_timeout = 20000');

        return $connection;
    }

    /** A shop with so many individual codes. */
    public static function shop(string $file, int $codes): Connection
    {
        $connection = self::connect($file);
        foreach (['zugabe_code', 'promotion_individual_code', 'order', 'order_customer'] as $table) {
            $connection->executeStatement("DROP TABLE IF EXISTS `$table`");
        }
        self::migrate($connection);
        $connection->executeStatement('CREATE TABLE `promotion_individual_code` (`code` VARCHAR(255) PRIMARY KEY, `promotion_id` BINARY(16), `payload` TEXT NULL)');
        $connection->executeStatement('CREATE TABLE `order` (`id` BINARY(16), `version_id` BINARY(16), `order_date_time` DATETIME)');
        $connection->executeStatement('CREATE TABLE `order_customer` (`version_id` BINARY(16), `customer_id` BINARY(16), `order_id` BINARY(16), `order_version_id` BINARY(16))');
        for ($number = 0; $number < $codes; ++$number) {
            self::code($connection, sprintf('CODE%04d', $number));
        }

        return $connection;
    }

    public static function code(Connection $connection, string $code): void
    {
        $row = ['code' => $code, 'promotion_id' => hex2bin(self::PROMOTION), 'payload' => null];
        $connection->insert('promotion_individual_code', $row, ['promotion_id' => ParameterType::BINARY]);
    }

    public static function migrate(Connection $connection): void
    {
        if (self::mysql()) {
            (new Migration1763888400CodePool())->update($connection);

            return;
        }
        $said = file_get_contents(__DIR__ . '/../ZugabeThanks/src/Migration/Migration1763888400CodePool.php');
        preg_match('/CREATE TABLE.*?(?=\n\s*SQL\))/s', (string) $said, $found);
        $table = preg_replace(['/,\s*KEY `[^`]+` \([^)]*\)/', '/UNIQUE KEY `[^`]+`/', '/\) ENGINE.*$/s'], ['', 'UNIQUE', ')'], $found[0]);
        $connection->executeStatement((string) $table);
    }

    public static function order(Connection $connection, string $id, string $customer, string $at): void
    {
        $connection->executeStatement('INSERT INTO `order` (`id`, `version_id`, `order_date_time`) VALUES (?, ?, ?)', [hex2bin($id), hex2bin(self::LIVE), $at], [ParameterType::BINARY, ParameterType::BINARY]);
        $connection->executeStatement(
            'INSERT INTO `order_customer` (`version_id`, `customer_id`, `order_id`, `order_version_id`) VALUES (?, ?, ?, ?)',
            [hex2bin(self::LIVE), hex2bin($customer), hex2bin($id), hex2bin(self::LIVE)],
            array_fill(0, 4, ParameterType::BINARY),
        );
    }
}
