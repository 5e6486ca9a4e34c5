<?php
/** What is left when the plugin is deleted? Nothing: no table, no options. Coupons stay, customers hold them. */

declare(strict_types=1);

if (!defined('WP_UNINSTALL_PLUGIN')) {
    exit;
}

require_once __DIR__ . '/src/Pool.php';

Zugabe\Thanks\Pool::current()->drop();
delete_option('zugabe_thanks_policy');
delete_option('zugabe_thanks_template');
