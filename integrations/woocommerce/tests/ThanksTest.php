<?php declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use Zugabe\Thanks\Coupons;
use Zugabe\Thanks\Minor;
use Zugabe\Thanks\Policy;
use Zugabe\Thanks\Pool;
use Zugabe\Thanks\Settings;

require_once __DIR__ . '/stand-ins.php';
require_once __DIR__ . '/../zugabe-thanks/zugabe-thanks.php';

final class ThanksTest extends TestCase
{
    private const POLICY = '{"v":1,"options":[],"cells":[]}';

    private string $file;

    protected function setUp(): void
    {
        $this->file = (string) tempnam(sys_get_temp_dir(), 'zugabe-woo-');
        World::begin($this->file);
        do_action('activate');
        World::$options[Policy::OPTION] = self::POLICY;
    }

    protected function tearDown(): void
    {
        unlink($this->file);
    }

    /** @param array<string, mixed> $data */
    private static function order(int $id, array $data = []): WC_Order
    {
        $product = new class {
            public function needs_shipping(): bool
            {
                return true;
            }
        };
        $item = new WC_Data(['total' => '41.09', 'total_tax' => '7.81', 'product_id' => 9, 'product' => $product]);

        return World::$orders[$id] = new WC_Order($data + [
            'id' => $id, 'order_number' => "2026-$id", 'currency' => 'EUR', 'customer_id' => 0, 'items' => [$item],
            'billing_first_name' => 'Ana', 'billing_country' => 'DE', 'shipping_country' => 'AT', 'created' => time(),
        ]);
    }

    private static function page(int $order): string
    {
        ob_start();
        do_action('woocommerce_thankyou', $order);

        return (string) ob_get_clean();
    }

    private static function element(string $html): ?DOMElement
    {
        $document = new DOMDocument();
        @$document->loadHTML('<?xml encoding="utf-8"?>' . $html);

        return $document->getElementsByTagName('zugabe-thanks')->item(0);
    }

    public function testAGuestIsThankedWithACodeFromThePool(): void
    {
        Pool::current()->add('CODE1');
        World::$terms[9] = [(object) ['name' => 'tea, green']];
        // Somebody else without an account: guests have no history in common.
        self::order(4, ['billing_first_name' => 'Ben']);
        self::order(5);
        $element = self::element(self::page(5));
        $facts = [];
        foreach ($element->attributes as $attribute) {
            $facts[$attribute->name] = $attribute->value;
        }
        self::assertSame([
            'class' => 'zugabe-thanks', 'order-id' => '2026-5', 'order-total' => '4890', 'currency' => 'EUR', 'country' => 'AT', 'tags' => 'tea  green',
            'order-number' => '1', 'sent' => '0', 'customer-name' => 'Ana', 'code' => 'CODE1',
            'policy' => 'https://shop.test/wp-json/zugabe/v1/policy?h=' . substr(hash('sha256', self::POLICY), 0, 12),
        ], $facts);
        self::assertSame('Thank you. We are glad that you are here.', $element->textContent);
        self::assertArrayHasKey('zugabe-thanks', World::$modules);
    }

    public function testACustomersFactsComeFromTheShopsOwnRecords(): void
    {
        self::order(1, ['customer_id' => 7, 'created' => time() - 30 * 86400]);
        self::order(2, ['customer_id' => 7, 'created' => time() - 2 * 86400]);
        self::order(3, ['customer_id' => 7, 'status' => 'failed']);
        self::order(4, ['customer_id' => 8]);
        self::order(5, ['customer_id' => 7]);
        World::$userMeta[7] = ['zugabe_tier' => 'vip', 'zugabe_stage' => 'nonsense', 'zugabe_code' => '03VC1S2Q4HX0', 'zugabe_objected' => '1'];
        $element = self::element(self::page(5));
        self::assertSame(['3', '1', 'vip', '', '03VC1S2Q4HX0', 'true', '7'], array_map($element->getAttribute(...), ['order-number', 'sent', 'tier', 'stage', 'code', 'objected', 'customer']));
        self::assertSame('03VC1S2Q4HX0', World::$orders[5]->get_meta('_zugabe_code'));
    }

    public function testTheCheckoutGivesTheCodeAndThePageShowsTheSameOneEachTime(): void
    {
        foreach (['A001', 'A002', 'A003'] as $code) {
            Pool::current()->add($code);
        }
        $order = self::order(5);
        do_action('woocommerce_checkout_order_processed', 5);
        $code = $order->get_meta('_zugabe_code');
        self::assertNotSame('', $code);
        do_action('woocommerce_store_api_checkout_order_processed', $order);
        self::assertSame($code, self::element(self::page(5))->getAttribute('code'));
        self::assertSame($code, self::element(self::page(5))->getAttribute('code'));
        self::assertSame(1, $order->saved);
        self::assertSame(2, Pool::current()->left());
    }

    public function testWithoutAPolicyAndForAFailedOrderNothingIsShown(): void
    {
        self::order(5, ['status' => 'failed']);
        self::assertSame('', self::page(5));
        self::order(6);
        World::$options = [];
        self::assertSame('', self::page(6));
        self::assertSame('', self::page(404));
        self::assertSame([], World::$modules);
    }

    public function testNothingACustomerTypesBecomesMarkup(): void
    {
        $evil = '"><script>alert(1)</script>';
        self::order(5, ['billing_first_name' => $evil]);
        $html = self::page(5);
        self::assertStringNotContainsString('<script', $html);
        self::assertSame($evil, self::element($html)->getAttribute('customer-name'));
    }

    public function testAFailureLeavesThePageAndTheLogHoldsNothingPersonal(): void
    {
        Pool::current()->drop();
        self::order(5);
        self::assertStringContainsString('<zugabe-thanks', self::page(5));
        self::assertSame('error', World::$log[0][0]);
        self::assertStringNotContainsString('Ana', (string) json_encode(World::$log));
    }

    public function testADigitalOrderHasNoParcel(): void
    {
        self::order(5, ['items' => [new WC_Data(['total' => '10', 'total_tax' => '0', 'product_id' => 1, 'product' => false])]]);
        self::assertTrue(self::element(self::page(5))->hasAttribute('digital'));
    }

    public function testEveryOrderHasACodeOfItsOwnUntilThereAreNone(): void
    {
        $pool = Pool::current();
        foreach (range(1, 6) as $number) {
            self::assertTrue($pool->add("CODE$number"));
        }
        self::assertFalse($pool->add('CODE1'));
        $taken = array_map($pool->take(...), range(1, 6));
        self::assertCount(6, array_unique(array_filter($taken)));
        self::assertNull($pool->take(7));
        self::assertSame($taken[2], $pool->take(3));
        self::assertSame([], $GLOBALS['wpdb']->complaints);
    }

    public function testACodeThatSomebodyElseTookInBetweenStaysTheirs(): void
    {
        $pool = Pool::current();
        $pool->add('CODE1');
        $pool->add('CODE2');
        $lost = null;
        $GLOBALS['wpdb']->rival = static function (string $query) use (&$lost): void {
            preg_match("/code = '(\\w+)'/", $query, $found);
            $lost = $found[1];
            $GLOBALS['wpdb']->query("UPDATE wp_zugabe_codes SET order_id = 99 WHERE code = '$lost'");
        };
        $ours = $pool->take(1);
        self::assertNotNull($lost);
        self::assertNotSame($lost, $ours);
        self::assertSame($lost, $pool->of(99));
    }

    public function testTwoRequestsForOneOrderGetTheCodeOfTheFaster(): void
    {
        $pool = Pool::current();
        $pool->add('CODE1');
        $pool->add('CODE2');
        $theirs = null;
        $GLOBALS['wpdb']->rival = static function (string $query) use (&$theirs): void {
            $theirs = str_contains($query, 'CODE1') ? 'CODE2' : 'CODE1';
            $GLOBALS['wpdb']->query("UPDATE wp_zugabe_codes SET order_id = 1 WHERE code = '$theirs'");
        };
        self::assertSame($pool->take(1), $theirs);
        self::assertNotNull($theirs);
        self::assertSame(1, $pool->left());
        self::assertSame([], $GLOBALS['wpdb']->complaints);
    }

    public function testPastedCodesBecomeCouponsWithTheTermsOfTheTemplate(): void
    {
        $terms = new WC_Coupon();
        foreach (['code' => 'terms', 'discount_type' => 'fixed_cart', 'amount' => '5.00', 'minimum_amount' => '40.00', 'usage_count' => 17] as $field => $value) {
            $terms->{"set_$field"}($value);
        }
        $terms->save();
        $notes = Settings::store(self::POLICY, 'TERMS', "03vc-1s2q-4hx0\n03VC1S2Q4HX1, 03VC1S2Q4HX1;\n<b>");
        self::assertSame('2 codes added, 0 were there already, 2 coupons made.', $notes[1][1]);
        $coupon = World::$coupons[wc_get_coupon_id_by_code('03VC-1S2Q-4HX0')];
        self::assertSame(['fixed_cart', '5.00', '40.00', 1, ''], [$coupon->get_discount_type(), $coupon->get_amount(), $coupon->get_minimum_amount(), $coupon->get_usage_limit(), $coupon->get_usage_count()]);
        self::assertSame('0 codes added, 2 were there already, 0 coupons made.', Settings::store(self::POLICY, 'terms', "03VC-1S2Q-4HX0 03VC1S2Q4HX1")[1][1]);
        self::assertSame(2, Pool::current()->left());
    }

    public function testACodeThatIsNoCouponIsNotGivenToAnybody(): void
    {
        $report = Coupons::add(Pool::current(), ['NOWHERE'], '');
        self::assertSame(['added' => 0, 'known' => 0, 'coupons' => 0, 'missing' => 1], $report);
        self::assertSame(0, Pool::current()->left());
    }

    public function testAPrivateProgramIsNeverPublished(): void
    {
        foreach (['{"zugabe":1,"shop":{},"allowance":{}}' => 'private', 'nonsense' => 'not JSON', '{"v":1}' => 'no policy'] as $text => $why) {
            $notes = Settings::store($text, '', '');
            self::assertSame('error', $notes[0][0]);
            self::assertStringContainsString($why, $notes[0][1]);
            self::assertSame(self::POLICY, Policy::text());
        }
        self::assertStringContainsString('no coupon', Settings::store(self::POLICY, 'NOWHERE', '')[0][1]);
    }

    public function testThePolicyIsServedAsItWasPasted(): void
    {
        do_action('rest_api_init');
        $route = World::$routes['zugabe/v1/policy'];
        self::assertEquals(json_decode(self::POLICY), $route['callback']()->data);
        World::$options[Policy::OPTION] = '';
        self::assertInstanceOf(WP_Error::class, $route['callback']());
    }

    public function testTheSettingsPageEscapesWhatItShows(): void
    {
        World::$options[Policy::OPTION] = '</textarea><script>alert(1)</script>';
        World::$options['zugabe_thanks_template'] = '"><script>';
        World::$transients['zugabe_thanks_notes_1'] = [['error', '<script>']];
        ob_start();
        Settings::show();
        $html = (string) ob_get_clean();
        self::assertStringNotContainsString('<script', $html);
        self::assertStringContainsString('0 codes are left', $html);
    }

    public function testEveryEnglishSentenceHasAGermanOne(): void
    {
        $source = '';
        foreach ((array) glob(__DIR__ . '/../zugabe-thanks/src/*.php') as $file) {
            $source .= file_get_contents((string) $file);
        }
        preg_match_all("/\\\\__\\('((?:[^'\\\\]|\\\\.)+)', 'zugabe-thanks'\\)/", $source, $used);
        $messages = (require __DIR__ . '/../zugabe-thanks/languages/zugabe-thanks-de_DE.l10n.php')['messages'];
        self::assertGreaterThan(10, count($used[1]));
        self::assertSame([], array_values(array_diff($used[1], array_keys($messages))));
        self::assertSame([], array_values(array_diff(array_keys($messages), $used[1])));
        foreach ($messages as $english => $german) {
            preg_match_all('/%(\d\$)?[ds]/', $english, $there);
            preg_match_all('/%(\d\$)?[ds]/', $german, $here);
            self::assertSame($there[0], $here[0]);
        }
    }

    public function testAmountsHaveTheDigitsTheCoreKnows(): void
    {
        preg_match('/const CURRENCIES: &str = "([^"]+)"/', (string) file_get_contents(__DIR__ . '/../../../src/money.rs'), $found);
        preg_match_all('/([A-Z]{3})([023])/', str_replace(["\\\n", ' '], '', $found[1]), $currencies, PREG_SET_ORDER);
        self::assertGreaterThan(100, count($currencies));
        foreach ($currencies as [, $currency, $digits]) {
            self::assertSame((int) $digits, Minor::digits($currency), $currency);
        }
        self::assertSame(101, Minor::of(1.005, 'EUR'));
    }

    public function testUninstallingLeavesNothing(): void
    {
        self::assertStringContainsString('WP_UNINSTALL_PLUGIN', (string) file_get_contents(__DIR__ . '/../zugabe-thanks/uninstall.php'));
        Pool::current()->drop();
        $this->expectException(PDOException::class);
        Pool::current()->left();
    }
}
