<?php declare(strict_types=1);

namespace ZugabeThanks\Lifecycle;

use Shopware\Core\Framework\Context;
use Shopware\Core\Framework\DataAbstractionLayer\EntityRepository;

/** Which custom fields do customers and orders have? The ids are fixed, so that writing them twice changes nothing. */
final class CustomFields
{
    public const CODE = 'zugabe_code';
    public const TIER = 'zugabe_tier';
    public const STAGE = 'zugabe_stage';
    public const ORDER_NUMBER = 'zugabe_order_number';
    public const OBJECTED = 'zugabe_objected';

    /** Attribute => value for the page. Has no field in the administration: it is read, not edited. */
    public const FACTS = 'zugabe_facts';

    /** The parcel insert that Zugabe wrote for an order, as an `Insert` document. No field in the administration either. */
    public const INSERT = 'zugabe_insert';

    public const TIERS = ['top_vip', 'vip', 'premium', 'none'];
    public const STAGES = ['interested', 'lead', 'follower', 'first_buyer', 'relationship', 'vip', 'dormant'];

    public function __construct(private readonly EntityRepository $sets)
    {
    }

    public function write(Context $context): void
    {
        $this->sets->upsert([$this->definition()], $context);
    }

    public function remove(Context $context): void
    {
        $this->sets->delete([['id' => self::id('set')]], $context);
    }

    /** @return array<string, mixed> */
    public function definition(): array
    {
        return [
            'id' => self::id('set'),
            'name' => 'zugabe',
            'config' => ['label' => ['de-DE' => 'Zugabe', 'en-GB' => 'Zugabe']],
            'relations' => [
                ['id' => self::id('customer'), 'entityName' => 'customer'],
                ['id' => self::id('order'), 'entityName' => 'order'],
            ],
            'customFields' => [
                self::field(1, self::TIER, 'select', 'Kundengruppe nach Wert', 'Tier', self::TIERS),
                self::field(2, self::STAGE, 'select', 'Stufe der Beziehung', 'Stage', self::STAGES),
                self::field(3, self::ORDER_NUMBER, 'int', 'Wievielte Bestellung', 'Order number'),
                self::field(4, self::CODE, 'text', 'Code für Freunde', 'Code for friends'),
                self::field(5, self::OBJECTED, 'bool', 'Hat Werbung widersprochen', 'Objected to advertising'),
            ],
        ];
    }

    /**
     * @param list<string> $options
     *
     * @return array<string, mixed>
     */
    private static function field(int $position, string $name, string $type, string $de, string $en, array $options = []): array
    {
        $config = ['label' => ['de-DE' => $de, 'en-GB' => $en], 'customFieldPosition' => $position];
        if ($options !== []) {
            $config += [
                'componentName' => 'sw-single-select',
                'customFieldType' => 'select',
                'options' => array_map(
                    static fn (string $value): array => ['value' => $value, 'label' => ['de-DE' => $value, 'en-GB' => $value]],
                    $options,
                ),
            ];
        }

        return ['id' => self::id($name), 'name' => $name, 'type' => $type, 'config' => $config];
    }

    private static function id(string $part): string
    {
        return md5('zugabe-thanks.' . $part);
    }
}
