<?php
declare(strict_types=1);

namespace Zugabe\Thanks;

/** Where does the page find the policy? At an address of the shop that changes with it, so that browsers may keep it. */
final class Policy
{
    public const OPTION = 'zugabe_thanks_policy';

    public static function register(): void
    {
        \add_action('rest_api_init', static function (): void {
            \register_rest_route('zugabe/v1', '/policy', [
                'methods' => 'GET',
                'callback' => [self::class, 'answer'],
                'permission_callback' => '__return_true', // A policy is public by design.
            ]);
        });
    }

    public static function text(): string
    {
        return (string) \get_option(self::OPTION, '');
    }

    public static function address(): string
    {
        return \add_query_arg('h', \substr(\hash('sha256', self::text()), 0, 12), \rest_url('zugabe/v1/policy'));
    }

    public static function answer(): object
    {
        $policy = \json_decode(self::text());
        if ($policy === null) {
            return new \WP_Error('zugabe_no_policy', 'This shop has no policy yet.', ['status' => 404]);
        }
        $response = new \WP_REST_Response($policy);
        $response->header('Cache-Control', 'public, max-age=86400');

        return $response;
    }

    /** What is wrong with a text that should be a policy; null when it looks like one. The core checks the rest when it reads it. */
    public static function problem(string $text): ?string
    {
        $policy = \json_decode($text, true);
        if (!\is_array($policy)) {
            return \__('This is not JSON: paste the whole content of policy.json.', 'zugabe-thanks');
        }
        if (isset($policy['zugabe']) || isset($policy['allowance'])) {
            return \__('This is a program with your costs. It must stay private: publish it and paste the policy.', 'zugabe-thanks');
        }
        if (!isset($policy['v'], $policy['options'], $policy['cells'])) {
            return \__('This JSON is no policy: "v", "options" and "cells" are missing.', 'zugabe-thanks');
        }

        return null;
    }
}
