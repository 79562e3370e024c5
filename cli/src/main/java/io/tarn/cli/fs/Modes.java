package io.tarn.cli.fs;

import io.tarn.client.FileInfo;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** POSIX permission bits as people write and read them. */
final class Modes {
    private static final Pattern OCTAL = Pattern.compile("[0-7]{1,4}");
    private static final Pattern CLAUSE = Pattern.compile("([ugoa]*)([+=-])([rwxXst]*)");

    private Modes() {}

    /** As {@code ls -l} shows them: "drwxr-xr-x". */
    static String text(FileInfo file) {
        int mode = file.mode();
        StringBuilder text = new StringBuilder();
        text.append(file.isDirectory() ? 'd' : file.type() == FileInfo.Type.SYMLINK ? 'l' : '-');
        for (int shift = 6; shift >= 0; shift -= 3) {
            int bits = mode >> shift;
            boolean special = (mode & specialBit(shift)) != 0;
            text.append((bits & 4) != 0 ? 'r' : '-');
            text.append((bits & 2) != 0 ? 'w' : '-');
            boolean executable = (bits & 1) != 0;
            char withSpecial = shift == 0 ? 't' : 's';
            text.append(
                    special
                            ? (executable ? withSpecial : Character.toUpperCase(withSpecial))
                            : (executable ? 'x' : '-'));
        }
        return text.toString();
    }

    /**
     * The mode that a change makes of an old one.
     *
     * @param change octal ("640") or symbolic clauses ("u+x,go-w")
     * @throws TarnException INVALID_ARGUMENT
     */
    static int apply(String change, int old, boolean directory) throws TarnException {
        if (OCTAL.matcher(change).matches()) {
            return Integer.parseInt(change, 8);
        }
        int mode = old;
        for (String part : change.split(",", -1)) {
            Matcher clause = CLAUSE.matcher(part);
            if (!clause.matches()) {
                throw new TarnException(
                        ErrorCode.INVALID_ARGUMENT,
                        "\"" + change + "\" is no mode; write it in octal as 640, or as u+x or go-w");
            }
            mode = applyClause(clause, mode, directory);
        }
        return mode;
    }

    private static int applyClause(Matcher clause, int old, boolean directory) {
        String who = clause.group(1).isEmpty() || clause.group(1).contains("a") ? "ugo" : clause.group(1);
        int bits = 0;
        int scope = 0;
        for (int i = 0; i < who.length(); i++) {
            int shift = who.charAt(i) == 'u' ? 6 : who.charAt(i) == 'g' ? 3 : 0;
            scope |= 7 << shift | specialBit(shift);
            bits |= bitsOf(clause.group(3), shift, directory || (old & 0111) != 0);
        }
        return switch (clause.group(2)) {
            case "+" -> old | bits;
            case "-" -> old & ~bits;
            default -> old & ~scope | bits;
        };
    }

    private static int bitsOf(String letters, int shift, boolean conditionalExecute) {
        int bits = 0;
        for (int i = 0; i < letters.length(); i++) {
            bits |= switch (letters.charAt(i)) {
                case 'r' -> 4 << shift;
                case 'w' -> 2 << shift;
                case 'x' -> 1 << shift;
                case 'X' -> conditionalExecute ? 1 << shift : 0;
                case 's' -> shift == 0 ? 0 : specialBit(shift);
                default -> shift == 0 ? specialBit(shift) : 0;
            };
        }
        return bits;
    }

    /** Set-uid, set-gid, sticky. */
    private static int specialBit(int shift) {
        return shift == 6 ? 04000 : shift == 3 ? 02000 : 01000;
    }
}
