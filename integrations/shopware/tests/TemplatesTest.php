<?php declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use Twig\Environment;
use Twig\Error\SyntaxError;
use Twig\Loader\ArrayLoader;
use Twig\Node\Node;
use Twig\Token;
use Twig\TokenParser\AbstractTokenParser;
use Twig\TwigFilter;
use Twig\TwigFunction;

/** `{% sw_extends %}` as far as one override goes: Twig's own `extends`. */
final class SwExtends extends AbstractTokenParser
{
    public function parse(Token $token): Node
    {
        $this->parser->setParent($this->parser->getExpressionParser()->parseExpression());
        $this->parser->getStream()->expect(Token::BLOCK_END_TYPE);

        return new Node();
    }

    public function getTag(): string
    {
        return 'sw_extends';
    }
}

/** The overrides in Twig itself, against templates that have Shopware's blocks and nothing else of Shopware's. */
final class TemplatesTest extends TestCase
{
    private const FINISH = '@Storefront/storefront/page/checkout/finish/index.html.twig';
    private const NOTE = '@Framework/documents/delivery_note.html.twig';

    /** @param array<string, string> $config */
    private static function twig(array $config = []): Environment
    {
        $views = __DIR__ . '/../ZugabeThanks/src/Resources/views/';
        $twig = new Environment(new ArrayLoader([
            // The blocks of Shopware's finish page and delivery note, in their order.
            self::FINISH => '{% block page_checkout_main_content %}{% block page_checkout_finish %}'
                . '{% block page_checkout_finish_details %}<h1>Shop</h1>{% endblock %}'
                . '{% block page_checkout_finish_product_table %}<table></table>{% endblock %}{% endblock %}{% endblock %}',
            self::NOTE => '<main>{% block document_body %}{% block comment %}<p>Comment</p>{% endblock %}{% endblock %}</main>',
            'finish' => (string) file_get_contents($views . 'storefront/page/checkout/finish/index.html.twig'),
            'note' => (string) file_get_contents($views . 'documents/delivery_note.html.twig'),
        ]), ['strict_variables' => true, 'autoescape' => 'html']);
        $twig->addTokenParser(new SwExtends());
        $twig->addFunction(new TwigFunction('config', static fn (string $key): ?string => $config[$key] ?? null));
        $twig->addFunction(new TwigFunction('asset', static fn (string $path): string => "/$path"));
        $twig->addFilter(new TwigFilter('trans', static fn (string $key): string => "[$key]"));

        return $twig;
    }

    /** @param array<string, mixed>|null $fields */
    private static function finish(?array $fields, string $policy = '{"v":1}'): string
    {
        $page = ['order' => ['orderNumber' => '10077', 'customFields' => $fields]];

        return self::twig(['ZugabeThanks.config.policy' => $policy])->render('finish', ['page' => $page]);
    }

    private static function element(string $html): ?DOMElement
    {
        $document = new DOMDocument();
        @$document->loadHTML('<?xml encoding="utf-8"?>' . $html);
        $element = $document->getElementsByTagName('zugabe-thanks')->item(0);

        return $element instanceof DOMElement ? $element : null;
    }

    public function testTheElementFollowsTheShopsOwnThanksWithItsFacts(): void
    {
        $html = self::finish(['zugabe_facts' => ['order-id' => '10077', 'order-total' => '4890', 'currency' => 'EUR', 'digital' => '', 'customer-name' => 'Ana', 'code' => '03VC1S2Q4HX0']]);
        self::assertLessThan(strpos($html, '<zugabe-thanks'), strpos($html, '<h1>Shop</h1>'));
        self::assertLessThan(strpos($html, '<table>'), strpos($html, '<zugabe-thanks'));
        $element = self::element($html);
        self::assertSame(['10077', '4890', 'EUR', '03VC1S2Q4HX0'], array_map($element->getAttribute(...), ['order-id', 'order-total', 'currency', 'code']));
        self::assertTrue($element->hasAttribute('digital'));
        self::assertFalse($element->hasAttribute('tier'));
        $options = json_decode($element->getAttribute('data-zugabe-thanks-options'), true);
        self::assertSame(['policy' => '{"v":1}', 'element' => '/bundles/zugabethanks/zugabe/zugabe.js'], $options);
    }

    public function testWithoutAPolicyThePageIsAsItWas(): void
    {
        self::assertSame('<h1>Shop</h1><table></table>', preg_replace('/\s+(?=<)/', '', self::finish([], '')));
    }

    public function testAnOrderWithoutAnyFactsIsThankedInGeneral(): void
    {
        self::assertSame('10077', self::element(self::finish(null))->getAttribute('order-id'));
    }

    public function testNothingThatACustomerOrAFieldSaysBecomesMarkup(): void
    {
        $evil = '"><script>alert(1)</script>';
        $html = self::finish(['zugabe_facts' => ['customer-name' => $evil, 'onclick' => 'alert(1)', 'code' => "' onload='x"]], '{"x":"</script><script>\'"}');
        self::assertStringNotContainsString('<script', $html);
        $element = self::element($html);
        self::assertSame($evil, $element->getAttribute('customer-name'));
        self::assertFalse($element->hasAttribute('onclick'));
        self::assertFalse($element->hasAttribute('onload'));
    }

    public function testTheFactsThePageGetsAreAttributesTheElementKnows(): void
    {
        preg_match("/for name in \\[([^\\]]+)\\]/", (string) file_get_contents(__DIR__ . '/../ZugabeThanks/src/Resources/views/storefront/page/checkout/finish/index.html.twig'), $found);
        preg_match_all("/'([a-z-]+)'/", $found[1], $names);
        $element = (string) file_get_contents(__DIR__ . '/../../../js/element/thanks.js');
        self::assertGreaterThan(10, \count($names[1]));
        foreach ([...$names[1], 'order-id'] as $name) {
            self::assertStringContainsString("} $name -", $element, "<zugabe-thanks> knows no $name");
        }
    }

    /** @param array<string, mixed> $fields */
    private static function note(array $fields, string $conditions = ''): string
    {
        return self::twig(['ZugabeThanks.config.codeConditions' => $conditions])->render('note', ['order' => ['customFields' => $fields]]);
    }

    public function testTheDeliveryNoteCarriesTheWordsOfTheInsert(): void
    {
        $insert = ['headline' => 'Danke, Ana', 'body' => 'Schön, dass du da bist.', 'shownCode' => '03VC-1S2Q-4HX0', 'codeText' => 'Für Freunde:', 'conditions' => 'Ab 40 €, bis 31.12.'];
        $html = self::note(['zugabe_insert' => $insert]);
        self::assertStringContainsString('<p>Comment</p>', $html);
        foreach ($insert as $words) {
            self::assertStringContainsString($words, $html);
        }
    }

    public function testNoCodeIsPrintedWithoutItsConditions(): void
    {
        self::assertStringNotContainsString('03VC', self::note(['zugabe_code' => '03VC1S2Q4HX0']));
        self::assertStringNotContainsString('03VC', self::note(['zugabe_insert' => ['headline' => 'Danke', 'body' => 'Ja', 'shownCode' => '03VC-1S2Q-4HX0']]));
        self::assertStringContainsString('03VC1S2Q4HX0', self::note(['zugabe_code' => '03VC1S2Q4HX0'], 'Ab 40 €'));
        self::assertStringContainsString('Ab 40 €', self::note(['zugabe_code' => '03VC1S2Q4HX0'], 'Ab 40 €'));
    }

    public function testBothLanguagesHaveEverySnippetThatIsUsed(): void
    {
        $root = __DIR__ . '/../ZugabeThanks/src/';
        $used = '';
        foreach (['Resources/views/documents/delivery_note.html.twig', 'Consent/Cookie.php'] as $file) {
            $used .= file_get_contents($root . $file);
        }
        preg_match_all("/'(zugabe\\.[a-z.]+)'/", $used, $keys);
        self::assertCount(3, array_unique($keys[1]));
        foreach (['de_DE/storefront.de-DE', 'en_GB/storefront.en-GB'] as $file) {
            $snippets = json_decode((string) file_get_contents($root . "Resources/snippet/$file.json"), true, 512, \JSON_THROW_ON_ERROR);
            foreach ($keys[1] as $key) {
                $value = array_reduce(explode('.', $key), static fn ($at, string $part) => $at[$part] ?? null, $snippets);
                self::assertIsString($value, "$file has no $key");
            }
        }
    }

    public function testABrokenTemplateWouldBeNoticed(): void
    {
        $this->expectException(SyntaxError::class);
        self::twig()->createTemplate('{% sw_extends "' . self::FINISH . '" %}{% block a %}')->render();
    }
}
