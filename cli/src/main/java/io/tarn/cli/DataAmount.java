package io.tarn.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** An amount of data on the command line: "512", "64KiB", "100MB", "2g". */
public record DataAmount(long bytes) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)\\s*(?:([kmgt])(ib|b)?|b)?");

    /** @throws TypeConversionException where the text is no amount of data */
    public static DataAmount parse(String text) {
        Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new TypeConversionException("\"" + text + "\" is no amount of data (write 512, 64KiB, 2GiB)");
        }
        String unit = matcher.group(2);
        double base = "b".equals(matcher.group(3)) ? 1000 : 1024;
        double factor = unit == null ? 1 : Math.pow(base, "kmgt".indexOf(unit) + 1.0);
        return new DataAmount((long) (Double.parseDouble(matcher.group(1)) * factor));
    }
}
