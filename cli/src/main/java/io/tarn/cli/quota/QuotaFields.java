package io.tarn.cli.quota;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.client.QuotaInfo;
import java.io.IOException;
import java.util.List;

/** How a quota is shown. */
final class QuotaFields {
    private QuotaFields() {}

    static List<Field> of(QuotaInfo quota) {
        return List.of(
                count("maxInodes", quota.maxInodes()),
                count("usedInodes", quota.usedInodes()),
                amount("maxBytes", quota.maxBytes()),
                amount("usedBytes", quota.usedBytes()),
                Field.of("path", quota.path()));
    }

    static void report(CommandContext context, QuotaInfo quota) throws IOException {
        String inodes = quota.usedInodes() + of(quota.maxInodes(), Long.toString(quota.maxInodes()));
        String bytes = Field.amount(quota.usedBytes()) + of(quota.maxBytes(), Field.amount(quota.maxBytes()));
        String text = quota.isLimited() ? inodes + " files and directories, " + bytes + " are used" : "no quota";
        context.output().done(quota.path() + ": " + text, of(quota));
    }

    private static String of(long limit, String text) {
        return limit == QuotaInfo.NONE ? "" : " of " + text;
    }

    private static Field count(String name, long value) {
        return Field.of(name, value == QuotaInfo.NONE ? null : value);
    }

    private static Field amount(String name, long bytes) {
        return bytes == QuotaInfo.NONE ? new Field(name, null, "-") : Field.bytes(name, bytes);
    }
}
