<?php declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use ZugabeThanks\Code\CodePool;

require_once __DIR__ . '/Database.php';

final class CodePoolTest extends TestCase
{
    private string $file;

    protected function setUp(): void
    {
        $this->file = (string) tempnam(sys_get_temp_dir(), 'zugabe-pool-');
    }

    protected function tearDown(): void
    {
        foreach ((array) glob($this->file . '*') as $file) {
            unlink($file);
        }
    }

    private static function orderId(int $number): string
    {
        return md5("order $number");
    }

    public function testTheSameOrderHasTheSameCodeHoweverOftenItAsks(): void
    {
        $pool = new CodePool(Database::shop($this->file, 5));
        $first = $pool->take(self::orderId(1), Database::PROMOTION, new DateTimeImmutable());
        self::assertNotNull($first);
        self::assertSame($first, $pool->take(self::orderId(1), Database::PROMOTION, new DateTimeImmutable()));
        self::assertSame($first, $pool->of(self::orderId(1)));
        self::assertSame(4, $pool->left(Database::PROMOTION));
    }

    public function testEveryOrderHasACodeOfItsOwnUntilThereAreNone(): void
    {
        $pool = new CodePool(Database::shop($this->file, 12));
        $taken = array_map(static fn (int $number): ?string => $pool->take(self::orderId($number), Database::PROMOTION, new DateTimeImmutable()), range(1, 12));
        self::assertCount(12, array_unique(array_filter($taken)));
        self::assertNull($pool->take(self::orderId(13), Database::PROMOTION, new DateTimeImmutable()));
        self::assertSame(0, $pool->left(Database::PROMOTION));
    }

    public function testACodeThatWasRedeemedOrDeletedIsNeverHandedOut(): void
    {
        $connection = Database::shop($this->file, 3);
        $pool = new CodePool($connection);
        self::assertNotNull($pool->take(self::orderId(1), Database::PROMOTION, new DateTimeImmutable()));
        $taken = $pool->of(self::orderId(1));
        $free = array_values(array_diff(['CODE0000', 'CODE0001', 'CODE0002'], [$taken]));
        $connection->executeStatement('UPDATE promotion_individual_code SET payload = ? WHERE code = ?', ['{"orderId":"1"}', $free[0]]);
        self::assertSame($free[1], $pool->take(self::orderId(2), Database::PROMOTION, new DateTimeImmutable()));
        self::assertNull($pool->take(self::orderId(3), Database::PROMOTION, new DateTimeImmutable()));
    }

    public function testNewCodesOfThePromotionComeInWhenTheOldOnesAreUsedUp(): void
    {
        $connection = Database::shop($this->file, 1);
        $pool = new CodePool($connection);
        self::assertSame('CODE0000', $pool->take(self::orderId(1), Database::PROMOTION, new DateTimeImmutable()));
        Database::code($connection, 'LATER');
        self::assertSame('LATER', $pool->take(self::orderId(2), Database::PROMOTION, new DateTimeImmutable()));
    }

    public function testAnotherPromotionsCodesAreLeftAlone(): void
    {
        $pool = new CodePool(Database::shop($this->file, 4));
        self::assertNull($pool->take(self::orderId(1), str_repeat('f', 32), new DateTimeImmutable()));
        self::assertSame(4, $pool->left(Database::PROMOTION));
    }

    public function testACodeThatSomebodyElseTookInBetweenStaysTheirs(): void
    {
        $connection = Database::shop($this->file, 5);
        $pool = new CodePool($connection);
        $lost = null;
        $connection->rival = static function (string $code) use ($connection, &$lost): void {
            $lost = $code;
            $connection->executeStatement('UPDATE zugabe_code SET order_id = ? WHERE code = ?', [hex2bin(self::orderId(2)), $code], [Doctrine\DBAL\ParameterType::BINARY]);
        };
        $ours = $pool->take(self::orderId(1), Database::PROMOTION, new DateTimeImmutable());
        self::assertNotNull($lost);
        self::assertNotNull($ours);
        self::assertNotSame($lost, $ours);
        self::assertSame($lost, $pool->of(self::orderId(2)));
    }

    public function testTwoRequestsForOneOrderGetTheCodeOfTheFaster(): void
    {
        $connection = Database::shop($this->file, 5);
        $pool = new CodePool($connection);
        $theirs = null;
        $connection->rival = static function (string $code) use ($connection, &$theirs): void {
            $theirs = $connection->fetchOne('SELECT code FROM zugabe_code WHERE code <> ? AND order_id IS NULL', [$code]);
            $connection->executeStatement('UPDATE zugabe_code SET order_id = ? WHERE code = ?', [hex2bin(self::orderId(1)), $theirs], [Doctrine\DBAL\ParameterType::BINARY]);
        };
        $ours = $pool->take(self::orderId(1), Database::PROMOTION, new DateTimeImmutable());
        self::assertNotNull($theirs);
        self::assertSame($theirs, $ours);
        self::assertSame(4, $pool->left(Database::PROMOTION));
    }

    public function testSeveralProcessesNeverShareACodeAndAnOrderNeverHasTwo(): void
    {
        if (!\function_exists('pcntl_fork')) {
            self::markTestSkipped('This PHP cannot fork, so there are no processes to take codes at the same time.');
        }
        // 4 processes, 30 orders that all of them ask for, in another sequence each, and 10 codes too few.
        Database::shop($this->file, 20)->close();
        $children = [];
        for ($child = 0; $child < 4; ++$child) {
            $process = pcntl_fork();
            if ($process === 0) {
                mt_srand($child);
                $orders = range(1, 30);
                shuffle($orders);
                $pool = new CodePool(Database::connect($this->file));
                $got = [];
                foreach ($orders as $number) {
                    $got[$number] = $pool->take(self::orderId($number), Database::PROMOTION, new DateTimeImmutable());
                }
                file_put_contents($this->file . ".$child.json", json_encode($got));
                posix_kill(posix_getpid(), \SIGKILL); // Without PHPUnit's own end.
            }
            $children[] = $process;
        }
        foreach ($children as $process) {
            pcntl_waitpid($process, $status);
        }
        $answers = array_map(fn (int $child): array => json_decode((string) file_get_contents($this->file . ".$child.json"), true), range(0, 3));
        $byOrder = [];
        foreach ($answers as $answer) {
            self::assertCount(30, $answer);
            foreach ($answer as $number => $code) {
                if ($code !== null) {
                    $byOrder[$number][$code] = true;
                }
            }
        }
        self::assertCount(20, $byOrder, 'every code found an order');
        self::assertSame([1], array_values(array_unique(array_map('count', $byOrder))), 'an order has one code');
        self::assertCount(20, array_unique(array_map(static fn (array $codes): string => (string) key($codes), $byOrder)), 'no code has two orders');
    }
}
