<?php declare(strict_types=1);

namespace ZugabeThanks;

use Doctrine\DBAL\Connection;
use Shopware\Core\Framework\Plugin;
use Shopware\Core\Framework\Plugin\Context\InstallContext;
use Shopware\Core\Framework\Plugin\Context\UninstallContext;
use Shopware\Core\Framework\Plugin\Context\UpdateContext;
use ZugabeThanks\Lifecycle\CustomFields;

/** What happens when the plugin comes and goes? The table comes from the migration, the custom fields from here. */
class ZugabeThanks extends Plugin
{
    public function install(InstallContext $installContext): void
    {
        parent::install($installContext);
        $this->customFields()->write($installContext->getContext());
    }

    public function update(UpdateContext $updateContext): void
    {
        parent::update($updateContext);
        $this->customFields()->write($updateContext->getContext());
    }

    public function uninstall(UninstallContext $uninstallContext): void
    {
        parent::uninstall($uninstallContext);
        if ($uninstallContext->keepUserData()) {
            return;
        }
        $this->customFields()->remove($uninstallContext->getContext());
        $this->container->get(Connection::class)->executeStatement('DROP TABLE IF EXISTS `zugabe_code`');
    }

    private function customFields(): CustomFields
    {
        return new CustomFields($this->container->get('custom_field_set.repository'));
    }
}
