<?php declare(strict_types=1);

use Doctrine\DBAL\Connection;
use PHPUnit\Framework\TestCase;
use Shopware\Core\Content\Cookie\Event\CookieGroupCollectEvent;
use Shopware\Core\Content\Cookie\Struct\CookieEntryCollection;
use Shopware\Core\Content\Cookie\Struct\CookieGroup;
use Shopware\Core\Content\Cookie\Struct\CookieGroupCollection;
use Shopware\Core\Framework\DataAbstractionLayer\EntityRepository;
use Shopware\Core\Framework\Plugin\Context\InstallContext;
use Shopware\Core\Framework\Plugin\Context\UninstallContext;
use Shopware\Storefront\Framework\Cookie\CookieProviderInterface;
use ZugabeThanks\Consent\CookieGroups;
use ZugabeThanks\Consent\CookieProvider;
use ZugabeThanks\Lifecycle\CustomFields;
use ZugabeThanks\ZugabeThanks;

require_once __DIR__ . '/Database.php';

final class LifecycleTest extends TestCase
{
    /** @return array{ZugabeThanks, EntityRepository, Connection} */
    private static function plugin(): array
    {
        $sets = new EntityRepository();
        $connection = Database::shop((string) tempnam(sys_get_temp_dir(), 'zugabe-life-'), 1);
        $plugin = new ZugabeThanks();
        $plugin->container = new class($sets, $connection) {
            public function __construct(private readonly EntityRepository $sets, private readonly Connection $connection)
            {
            }

            public function get(string $id): object
            {
                return $id === Connection::class ? $this->connection : $this->sets;
            }
        };

        return [$plugin, $sets, $connection];
    }

    public function testInstallingTwiceLeavesOneSetOfFields(): void
    {
        [$plugin, $sets] = self::plugin();
        $plugin->install(new InstallContext());
        $once = $sets->rows;
        $plugin->install(new InstallContext());
        self::assertSame($once, $sets->rows);
        self::assertCount(1, $sets->rows);
        $names = array_column(current($sets->rows)['customFields'], 'name');
        self::assertSame(['zugabe_tier', 'zugabe_stage', 'zugabe_order_number', 'zugabe_code', 'zugabe_objected'], $names);
    }

    public function testUninstallingRemovesEverythingUnlessTheShopKeepsItsData(): void
    {
        [$plugin, $sets, $connection] = self::plugin();
        $plugin->install(new InstallContext());
        $plugin->uninstall(new UninstallContext(true));
        self::assertCount(1, $sets->rows);
        self::assertSame(0, (int) $connection->fetchOne('SELECT COUNT(*) FROM `zugabe_code`'));
        $plugin->uninstall(new UninstallContext(false));
        self::assertSame([], $sets->rows);
        $this->expectException(Doctrine\DBAL\Exception\TableNotFoundException::class);
        $connection->fetchOne('SELECT COUNT(*) FROM `zugabe_code`');
    }

    public function testTheStagesAndTiersAreThoseOfTheCore(): void
    {
        $words = (string) file_get_contents(__DIR__ . '/../../../src/score/stage.rs') . file_get_contents(__DIR__ . '/../../../src/score/tier.rs') . file_get_contents(__DIR__ . '/../../../src/offer/words.rs');
        foreach ([...CustomFields::TIERS, ...CustomFields::STAGES] as $word) {
            self::assertStringContainsString("\"$word\"", $words);
        }
    }

    /**
     * @runInSeparateProcess
     *
     * @preserveGlobalState disabled
     */
    public function testAnOlderShopAsksForConsentByProviderOnce(): void
    {
        $provider = new CookieProvider(self::inner());
        $groups = $provider->getCookieGroups();
        self::assertSame(['youtube-video', 'zugabe-personal'], array_column($groups[1]['entries'], 'cookie'));
        self::assertCount(2, $groups);
    }

    /**
     * @runInSeparateProcess
     *
     * @preserveGlobalState disabled
     */
    public function testANewerShopAsksForConsentByEventOnce(): void
    {
        require_once __DIR__ . '/cookie-stand-ins.php';
        self::assertSame(['youtube-video'], array_column((new CookieProvider(self::inner()))->getCookieGroups()[1]['entries'], 'cookie'));
        $groups = new CookieGroupCollection();
        $comfort = new CookieGroup('cookie.groupComfortFeatures');
        $comfort->setEntries(new CookieEntryCollection());
        $groups->add($comfort);
        $handler = CookieGroups::getSubscribedEvents()[CookieGroupCollectEvent::class];
        (new CookieGroups())->{$handler}(new CookieGroupCollectEvent($groups));
        self::assertCount(1, $comfort->getEntries());
        self::assertSame(['zugabe-personal', '1', 30], [$comfort->getEntries()[0]->cookie, $comfort->getEntries()[0]->value, $comfort->getEntries()[0]->expiration]);
    }

    private static function inner(): CookieProviderInterface
    {
        return new class implements CookieProviderInterface {
            public function getCookieGroups(): array
            {
                return [
                    ['snippet_name' => 'cookie.groupRequired', 'isRequired' => true, 'entries' => [['cookie' => 'session-']]],
                    ['snippet_name' => 'cookie.groupComfortFeatures', 'entries' => [['cookie' => 'youtube-video']]],
                ];
            }
        };
    }
}
