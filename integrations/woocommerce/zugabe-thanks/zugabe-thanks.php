<?php
/**
 * Plugin Name:       Zugabe: thanks after the order
 * Description:       Thanks after every order and gives a code for friends. The choice is made in the page; no customer data leaves it.
 * Version:           0.1.0
 * Requires at least: 6.5
 * Requires PHP:      8.0
 * Requires Plugins:  woocommerce
 * License:           MIT OR Apache-2.0
 * Text Domain:       zugabe-thanks
 * Domain Path:       /languages
 * WC requires at least: 8.0
 */

declare(strict_types=1);

namespace Zugabe\Thanks;

if (!\defined('ABSPATH')) {
    exit;
}

foreach (['Minor', 'Pool', 'Coupons', 'Facts', 'Policy', 'Page', 'Settings'] as $part) {
    require_once __DIR__ . "/src/$part.php";
}

/** The table comes with the plugin and goes with it (uninstall.php). */
\register_activation_hook(__FILE__, static fn () => Pool::current()->create());

\add_action('before_woocommerce_init', static function (): void {
    if (\class_exists(\Automattic\WooCommerce\Utilities\FeaturesUtil::class)) {
        \Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility('custom_order_tables', __FILE__, true);
    }
});
\add_action('init', static fn () => \load_plugin_textdomain('zugabe-thanks', false, 'zugabe-thanks/languages'));

Page::register(__FILE__);
Policy::register();
Settings::register();
