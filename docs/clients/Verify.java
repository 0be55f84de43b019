// Verify a webhook of the portal with the JDK alone (Standard Webhooks 1.0.0, v1).
//
//     java Verify.java SECRET WEBHOOK_ID WEBHOOK_TIMESTAMP WEBHOOK_SIGNATURE < body

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class Verify {
    private static final long TOLERANCE_SECONDS = 300;

    static boolean isGenuine(String secret, String webhookId, String timestamp, String signatures, byte[] body)
            throws Exception {
        if (!timestamp.matches("\\d{1,12}")
                || Math.abs(Instant.now().getEpochSecond() - Long.parseLong(timestamp)) > TOLERANCE_SECONDS) {
            return false;
        }
        byte[] key = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        mac.update((webhookId + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
        byte[] wanted = Base64.getEncoder().encode(mac.doFinal(body));
        for (String one : signatures.split(" ")) {
            if (one.startsWith("v1,")
                    && MessageDigest.isEqual(wanted, one.substring(3).getBytes(StandardCharsets.UTF_8))) {
                return true;
            }
        }
        return false;
    }

    public static void main(String[] given) throws Exception {
        boolean holds = isGenuine(given[0], given[1], given[2], given[3], System.in.readAllBytes());
        System.exit(holds ? 0 : 1);
    }
}
