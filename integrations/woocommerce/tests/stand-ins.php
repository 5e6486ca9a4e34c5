<?php
/**
 * Stand-ins for what the plugin calls of WordPress and WooCommerce, written from their documentation, on a SQLite
 * database. `$wpdb` says "refused" as WordPress does: by false.
 */

define('ABSPATH', __DIR__);

/** What a test can set and look at. */
final class World
{
    public static array $options = [];
    public static array $actions = [];
    public static array $userMeta = [];
    public static array $orders = [];
    public static array $coupons = [];
    public static array $terms = [];
    public static array $routes = [];
    public static array $modules = [];
    public static array $log = [];
    public static array $transients = [];

    public static function begin(string $file): void
    {
        foreach (array_keys(get_class_vars(self::class)) as $name) {
            if ($name !== 'actions') {
                self::$$name = [];
            }
        }
        $GLOBALS['wpdb'] = new wpdb($file);
    }
}

class wpdb
{
    public string $prefix = 'wp_';
    public ?Closure $rival = null;
    public array $complaints = [];
    private bool $quiet = false;
    private PDO $pdo;

    public function __construct(string $file)
    {
        $this->pdo = new PDO("sqlite:$file", null, null, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
        $this->pdo->exec('PRAGMA busy_timeout = 20000');
    }

    public function get_charset_collate(): string
    {
        return 'DEFAULT CHARACTER SET utf8mb4';
    }

    public function prepare(string $query, ...$values): string
    {
        return preg_replace_callback('/%[sd]/', function (array $found) use (&$values): string {
            $value = array_shift($values);

            return $found[0] === '%d' ? (string) (int) $value : $this->pdo->quote((string) $value);
        }, $query);
    }

    public function query(string $query): int|bool
    {
        if ($this->rival && str_starts_with($query, 'UPDATE')) {
            [$rival, $this->rival] = [$this->rival, null];
            $rival($query);
        }
        // SQLite writes no charset and no named keys.
        $query = preg_replace(['/\) DEFAULT CHARACTER SET \w+$/', '/UNIQUE KEY \w+/'], [')', 'UNIQUE'], $query);
        try {
            return $this->pdo->exec($query);
        } catch (PDOException $refused) {
            if (!$this->quiet) {
                $this->complaints[] = $refused->getMessage();
            }

            return false;
        }
    }

    public function get_var(string $query): mixed
    {
        $value = $this->pdo->query($query)->fetchColumn();

        return $value === false ? null : $value;
    }

    public function get_col(string $query): array
    {
        return $this->pdo->query($query)->fetchAll(PDO::FETCH_COLUMN);
    }

    public function suppress_errors(bool $suppress = true): bool
    {
        [$before, $this->quiet] = [$this->quiet, $suppress];

        return $before;
    }
}

/** Getters and setters of WooCommerce's data objects, on an array. */
class WC_Data
{
    public array $data = [];

    public function __construct(array $data = [])
    {
        $this->data = $data;
    }

    public function __call(string $name, array $arguments): mixed
    {
        [$verb, $field] = explode('_', $name, 2);
        if ($verb === 'set') {
            $this->data[$field] = $arguments[0];

            return null;
        }

        return $this->data[$field] ?? '';
    }
}

class WC_Order extends WC_Data
{
    public int $saved = 0;

    public function get_meta(string $name): mixed
    {
        return $this->data['meta'][$name] ?? '';
    }

    public function update_meta_data(string $name, mixed $value): void
    {
        $this->data['meta'][$name] = $value;
    }

    public function save(): void
    {
        ++$this->saved;
    }

    public function has_status(array $statuses): bool
    {
        return in_array($this->data['status'] ?? 'processing', $statuses, true);
    }
}

class WC_Coupon extends WC_Data
{
    public function __construct(int $id = 0)
    {
        parent::__construct($id === 0 ? [] : World::$coupons[$id]->data);
    }

    public function save(): void
    {
        World::$coupons[count(World::$coupons) + 1] = $this;
    }
}

class WP_Error
{
    public function __construct(public string $code, public string $message, public array $data)
    {
    }
}

class WP_REST_Response
{
    public array $headers = [];

    public function __construct(public mixed $data)
    {
    }

    public function header(string $name, string $value): void
    {
        $this->headers[$name] = $value;
    }
}

function add_action(string $name, callable $callback): void
{
    World::$actions[$name][] = $callback;
}
function do_action(string $name, mixed ...$arguments): void
{
    foreach (World::$actions[$name] ?? [] as $callback) {
        $callback(...$arguments);
    }
}
function register_activation_hook(string $file, callable $callback): void
{
    World::$actions['activate'][] = $callback;
}
function load_plugin_textdomain(): void
{
}
function register_rest_route(string $space, string $route, array $options): void
{
    World::$routes["$space$route"] = $options;
}
function get_option(string $name, mixed $default = false): mixed
{
    return World::$options[$name] ?? $default;
}
function update_option(string $name, mixed $value): void
{
    World::$options[$name] = $value;
}
function get_transient(string $name): mixed
{
    return World::$transients[$name] ?? false;
}
function delete_transient(string $name): void
{
    unset(World::$transients[$name]);
}
function get_current_user_id(): int
{
    return 1;
}
function get_user_meta(int $user, string $name): mixed
{
    return World::$userMeta[$user][$name] ?? '';
}
function get_the_terms(int $product): array|false
{
    return World::$terms[$product] ?? false;
}
function wc_get_order(int $id): WC_Order|false
{
    return World::$orders[$id] ?? false;
}
/** Answers as WooCommerce does for the arguments the plugin uses; anything else is refused, so that a new one shows. */
function wc_get_orders(array $query): object
{
    $unknown = array_diff(array_keys($query), ['customer_id', 'exclude', 'status', 'type', 'limit', 'paginate', 'return', 'date_created']);
    if ($unknown !== []) {
        throw new InvalidArgumentException('The stand-in knows no ' . implode(', ', $unknown));
    }
    $since = isset($query['date_created']) ? (int) substr($query['date_created'], 1) : 0;
    $found = array_filter(World::$orders, static fn (WC_Order $order): bool => $order->get_customer_id() === $query['customer_id']
        && !in_array($order->get_id(), $query['exclude'], true)
        && $order->has_status($query['status'])
        && ($order->data['created'] ?? 0) > $since);

    return (object) ['total' => count($found), 'orders' => array_slice(array_keys($found), 0, $query['limit'])];
}
function wc_get_is_paid_statuses(): array
{
    return ['processing', 'completed'];
}
function wc_get_coupon_id_by_code(string $code): int
{
    foreach (World::$coupons as $id => $coupon) {
        if (strtolower((string) $coupon->get_code()) === strtolower($code)) {
            return $id;
        }
    }

    return 0;
}
function wc_get_logger(): object
{
    return new class {
        public function log(string $level, string $message): void
        {
            World::$log[] = [$level, $message];
        }
    };
}
function wp_enqueue_script_module(string $id, string $address): void
{
    World::$modules[$id] = $address;
}
function plugins_url(string $path): string
{
    return "https://shop.test/wp-content/plugins/zugabe-thanks/$path";
}
function rest_url(string $path): string
{
    return "https://shop.test/wp-json/$path";
}
function admin_url(string $path): string
{
    return "https://shop.test/wp-admin/$path";
}
function add_query_arg(string $name, string $value, string $address): string
{
    return "$address?$name=$value";
}
function esc_attr(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES);
}
function esc_html(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES);
}
function esc_textarea(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES);
}
function esc_url(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES);
}
function __(string $text): string
{
    return $text;
}
function wp_nonce_field(string $action): void
{
    printf('<input type="hidden" name="_wpnonce" value="%s">', $action);
}
function submit_button(): void
{
    echo '<button type="submit">Save</button>';
}
