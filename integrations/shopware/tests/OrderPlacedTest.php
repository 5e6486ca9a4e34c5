<?php declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use Psr\Log\LoggerInterface;
use Shopware\Core\Checkout\Cart\Event\CheckoutOrderPlacedEvent;
use Shopware\Core\Checkout\Order\Collection;
use Shopware\Core\Checkout\Order\Entity;
use Shopware\Core\Checkout\Order\OrderEntity;
use Shopware\Core\Framework\Context;
use Shopware\Core\Framework\DataAbstractionLayer\EntityRepository;
use Shopware\Core\System\SystemConfig\SystemConfigService;
use ZugabeThanks\Code\CodePool;
use ZugabeThanks\Order\CustomerOrders;
use ZugabeThanks\Order\Minor;
use ZugabeThanks\Order\OrderPlaced;

require_once __DIR__ . '/Database.php';

final class OrderPlacedTest extends TestCase
{
    private const ORDER = '11111111111111111111111111111111';
    private const CUSTOMER = '22222222222222222222222222222222';
    private const TAG = '33333333333333333333333333333333';

    private string $file;
    private EntityRepository $orders;

    /** @var list<array{string, string, array<string, mixed>}> */
    private array $log = [];

    protected function setUp(): void
    {
        $this->file = (string) tempnam(sys_get_temp_dir(), 'zugabe-order-');
        $this->orders = new EntityRepository();
        $this->log = [];
    }

    protected function tearDown(): void
    {
        unlink($this->file);
    }

    /** @param array<string, mixed> $customer */
    private static function order(array $customer, float $price = 395.01): OrderEntity
    {
        $country = new Entity(['iso' => 'DE']);

        return new OrderEntity([
            'id' => self::ORDER,
            'orderNumber' => '10077',
            'positionPrice' => $price,
            'currency' => new Entity(['isoCode' => 'EUR']),
            'deliveries' => new Collection([new Entity(['shippingOrderAddress' => new Entity(['country' => $country])])]),
            'lineItems' => new Collection([new Entity(['payload' => ['tagIds' => [self::TAG]]]), new Entity(['payload' => ['code' => 'X']])]),
            'orderCustomer' => new Entity(['firstName' => 'Ana', 'customer' => new class($customer + ['id' => self::CUSTOMER, 'customerNumber' => 'K1']) extends Entity {
                public function getId(): string
                {
                    return $this->data['id'];
                }
            }]),
        ]);
    }

    private function place(OrderEntity $order, int $codes = 3, string $promotion = Database::PROMOTION, ?callable $before = null): array
    {
        $connection = Database::shop($this->file, $codes);
        if ($before !== null) {
            $before($connection);
        }
        $log = &$this->log;
        $logger = $this->createMock(LoggerInterface::class);
        foreach (['warning', 'error'] as $level) {
            $logger->method($level)->willReturnCallback(static function ($message, array $context = []) use (&$log, $level): void {
                $log[] = [$level, (string) $message, $context];
            });
        }
        $subscriber = new OrderPlaced(
            new CodePool($connection),
            new CustomerOrders($connection),
            $this->orders,
            new EntityRepository([self::TAG => new Entity(['name' => 'tea, green'])]),
            new SystemConfigService(['ZugabeThanks.config.promotion' => $promotion]),
            $logger,
        );
        $handler = OrderPlaced::getSubscribedEvents()[CheckoutOrderPlacedEvent::class];
        $subscriber->{$handler}(new CheckoutOrderPlacedEvent(new Context(), $order, 'channel'));

        return $this->orders->rows[self::ORDER]['customFields'] ?? [];
    }

    public function testAGuestsFirstOrderGetsACodeFromThePoolAndNoTier(): void
    {
        $fields = $this->place(self::order(['guest' => true, 'customFields' => ['zugabe_tier' => 'vip', 'zugabe_code' => 'OWN']]));
        self::assertMatchesRegularExpression('/^CODE000\d$/', $fields['zugabe_code']);
        self::assertSame(1, $fields['zugabe_order_number']);
        self::assertArrayNotHasKey('zugabe_tier', $fields);
        self::assertSame(
            [
                'order-id' => '10077', 'order-total' => '39501', 'currency' => 'EUR', 'country' => 'DE', 'tags' => 'tea  green',
                'order-number' => '1', 'sent' => '0', 'customer-name' => 'Ana', 'code' => $fields['zugabe_code'],
            ],
            $fields['zugabe_facts'],
        );
    }

    public function testACustomersOwnCodeTierAndObjectionGoToThePage(): void
    {
        $own = ['zugabe_tier' => 'vip', 'zugabe_stage' => 'relationship', 'zugabe_code' => '03VC1S2Q4HX0', 'zugabe_objected' => true];
        $now = new DateTimeImmutable('now', new DateTimeZone('UTC'));
        $fields = $this->place(self::order(['guest' => false, 'customFields' => $own]), before: static function ($connection) use ($now): void {
            Database::order($connection, self::ORDER, self::CUSTOMER, $now->format('Y-m-d H:i:s'));
            Database::order($connection, md5('a'), self::CUSTOMER, $now->modify('-3 days')->format('Y-m-d H:i:s'));
            Database::order($connection, md5('b'), self::CUSTOMER, $now->modify('-8 days')->format('Y-m-d H:i:s'));
            Database::order($connection, md5('c'), md5('somebody else'), $now->format('Y-m-d H:i:s'));
        });
        $facts = $fields['zugabe_facts'];
        self::assertSame('03VC1S2Q4HX0', $fields['zugabe_code']);
        self::assertSame(3, $fields['zugabe_order_number']);
        self::assertSame(['3', '1', 'vip', 'relationship', 'true', 'K1'], [$facts['order-number'], $facts['sent'], $facts['tier'], $facts['stage'], $facts['objected'], $facts['customer']]);
    }

    public function testAValueThatIsNoTierNeverReachesThePage(): void
    {
        $fields = $this->place(self::order(['guest' => false, 'customFields' => ['zugabe_tier' => 'platinum', 'zugabe_stage' => 7]]));
        self::assertArrayNotHasKey('tier', $fields['zugabe_facts']);
        self::assertArrayNotHasKey('stage', $fields['zugabe_facts']);
    }

    public function testWithoutCodesTheOrderIsThankedAllTheSameAndTheShopIsTold(): void
    {
        $fields = $this->place(self::order(['guest' => true]), 0);
        self::assertArrayNotHasKey('zugabe_code', $fields);
        self::assertSame('10077', $fields['zugabe_facts']['order-id']);
        self::assertCount(1, $this->log);
        self::assertStringContainsString('no codes left', $this->log[0][1]);
    }

    public function testWithoutAPromotionNoCodeIsTaken(): void
    {
        self::assertArrayNotHasKey('zugabe_code', $this->place(self::order(['guest' => true]), 3, ''));
        self::assertSame([], $this->log);
    }

    public function testAFailureNeverReachesTheOrderAndTheLogHoldsNothingPersonal(): void
    {
        $fields = $this->place(self::order(['guest' => true]), before: static fn ($connection) => $connection->executeStatement('DROP TABLE `zugabe_code`'));
        self::assertSame([], $fields);
        self::assertSame('error', $this->log[0][0]);
        self::assertStringNotContainsString('Ana', (string) json_encode($this->log));
        self::assertStringNotContainsString('10077', (string) json_encode($this->log));
    }

    public function testAmountsBecomeMinorUnitsWithTheDigitsTheCoreKnows(): void
    {
        foreach ([[395.01, 'EUR', 39501], [19.99, 'USD', 1999], [0.29, 'EUR', 29], [1.005, 'EUR', 101], [1200.0, 'JPY', 1200], [1.234, 'KWD', 1234]] as [$amount, $currency, $minor]) {
            self::assertSame($minor, Minor::of($amount, $currency), "$amount $currency");
        }
        preg_match('/const CURRENCIES: &str = "([^"]+)"/', (string) file_get_contents(__DIR__ . '/../../../src/money.rs'), $found);
        preg_match_all('/([A-Z]{3})([023])/', str_replace(["\\\n", ' '], '', $found[1]), $currencies, \PREG_SET_ORDER);
        self::assertGreaterThan(100, \count($currencies));
        foreach ($currencies as [, $currency, $digits]) {
            self::assertSame((int) $digits, Minor::digits($currency), $currency);
        }
    }
}
