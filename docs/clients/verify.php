<?php
// Verify a webhook of the portal with PHP alone (Standard Webhooks 1.0.0, v1).
//
//     php verify.php SECRET WEBHOOK_ID WEBHOOK_TIMESTAMP WEBHOOK_SIGNATURE < body

declare(strict_types=1);

const TOLERANCE_SECONDS = 300;

function is_genuine(string $secret, string $webhookId, string $timestamp, string $signatures, string $body): bool
{
    if (!ctype_digit($timestamp) || abs(time() - (int) $timestamp) > TOLERANCE_SECONDS) {
        return false;
    }
    $key = base64_decode(preg_replace('/^whsec_/', '', $secret), true);
    $wanted = base64_encode(hash_hmac('sha256', "$webhookId.$timestamp.$body", $key, true));
    foreach (explode(' ', $signatures) as $one) {
        if (str_starts_with($one, 'v1,') && hash_equals($wanted, substr($one, 3))) {
            return true;
        }
    }
    return false;
}

if (isset($argv) && count($argv) === 5) {
    exit(is_genuine($argv[1], $argv[2], $argv[3], $argv[4], file_get_contents('php://stdin')) ? 0 : 1);
}
