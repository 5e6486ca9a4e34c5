<?php
declare(strict_types=1);

namespace Zugabe\Thanks;

/**
 * Which code belongs to this order? The same one whenever it is asked, and never that of another order.
 *
 * The update only hits a code that is still free, and the database lets an order have one code only.
 */
final class Pool
{
    private const TRIES = 40;
    private const WINDOW = 24;

    /** @param \wpdb $database */
    public function __construct(private object $database)
    {
    }

    public static function current(): self
    {
        global $wpdb;

        return new self($wpdb);
    }

    public function create(): void
    {
        $this->database->query(
            "CREATE TABLE IF NOT EXISTS {$this->table()} (
                code VARCHAR(64) NOT NULL,
                order_id BIGINT UNSIGNED NULL,
                taken_at DATETIME NULL,
                PRIMARY KEY (code),
                UNIQUE KEY zugabe_order (order_id)
            ) {$this->database->get_charset_collate()}"
        );
    }

    public function drop(): void
    {
        $this->database->query("DROP TABLE IF EXISTS {$this->table()}");
    }

    /** Adds a code; false when it is there already. */
    public function add(string $code): bool
    {
        if ($this->database->get_var($this->database->prepare("SELECT code FROM {$this->table()} WHERE code = %s", $code)) !== null) {
            return false;
        }

        return $this->quietly($this->database->prepare("INSERT INTO {$this->table()} (code) VALUES (%s)", $code)) === 1;
    }

    /** The order's code, taken now if it has none yet; null when none is left. */
    public function take(int $order): ?string
    {
        for ($try = 0; $try < self::TRIES; ++$try) {
            $own = $this->of($order);
            if ($own !== null) {
                return $own;
            }
            $free = $this->database->get_col("SELECT code FROM {$this->table()} WHERE order_id IS NULL ORDER BY code LIMIT " . self::WINDOW);
            if ($free === []) {
                return null;
            }
            // Orders that come at once reach for different codes.
            $code = $free[($order + $try) % \count($free)];
            // Refused when somebody was faster, with this code or for this order; the next turn sees what they did.
            $this->quietly($this->database->prepare(
                "UPDATE {$this->table()} SET order_id = %d, taken_at = %s WHERE code = %s AND order_id IS NULL",
                $order,
                \gmdate('Y-m-d H:i:s'),
                $code
            ));
        }

        return null;
    }

    public function of(int $order): ?string
    {
        $code = $this->database->get_var($this->database->prepare("SELECT code FROM {$this->table()} WHERE order_id = %d", $order));

        return $code === null ? null : (string) $code;
    }

    public function left(): int
    {
        return (int) $this->database->get_var("SELECT COUNT(*) FROM {$this->table()} WHERE order_id IS NULL");
    }

    /** A refused row is an answer here, nothing for the error log. */
    private function quietly(string $query): int|bool
    {
        $before = $this->database->suppress_errors(true);
        try {
            return $this->database->query($query);
        } finally {
            $this->database->suppress_errors($before);
        }
    }

    private function table(): string
    {
        return $this->database->prefix . 'zugabe_codes';
    }
}
