<?php declare(strict_types=1);

foreach (['Doctrine/DBAL/autoload.php', 'Twig/autoload.php'] as $library) {
    require_once $library;
}
require_once __DIR__ . '/stand-ins.php';

spl_autoload_register(static function (string $class): void {
    $file = __DIR__ . '/../ZugabeThanks/src/' . str_replace('\\', '/', substr($class, \strlen('ZugabeThanks\\'))) . '.php';
    if (str_starts_with($class, 'ZugabeThanks\\') && is_file($file)) {
        require $file;
    }
});
