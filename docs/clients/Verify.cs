// Verify a webhook of the portal with .NET alone (Standard Webhooks 1.0.0, v1).
//
//     dotnet run -- SECRET WEBHOOK_ID WEBHOOK_TIMESTAMP WEBHOOK_SIGNATURE < body

using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

public static class Verify
{
    private const long ToleranceSeconds = 300;

    public static bool IsGenuine(string secret, string webhookId, string timestamp, string signatures, byte[] body)
    {
        if (!long.TryParse(timestamp, out var seconds)
            || Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - seconds) > ToleranceSeconds)
        {
            return false;
        }
        var key = Convert.FromBase64String(secret.StartsWith("whsec_") ? secret.Substring(6) : secret);
        var signed = Encoding.UTF8.GetBytes($"{webhookId}.{timestamp}.").Concat(body).ToArray();
        using var hmac = new HMACSHA256(key);
        var wanted = Encoding.ASCII.GetBytes(Convert.ToBase64String(hmac.ComputeHash(signed)));
        return signatures.Split(' ')
            .Where(one => one.StartsWith("v1,"))
            .Any(one => CryptographicOperations.FixedTimeEquals(wanted, Encoding.ASCII.GetBytes(one.Substring(3))));
    }

    public static int Main(string[] given)
    {
        using var body = new MemoryStream();
        Console.OpenStandardInput().CopyTo(body);
        return IsGenuine(given[0], given[1], given[2], given[3], body.ToArray()) ? 0 : 1;
    }
}
