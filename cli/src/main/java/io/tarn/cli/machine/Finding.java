package io.tarn.cli.machine;

import io.tarn.cli.output.Field;
import java.util.List;

/**
 * What one check of the machine found.
 *
 * @param advice what to do; "" where all is well
 */
record Finding(String check, Grade grade, String found, String advice) {
    /** How bad it is. */
    enum Grade {
        ok,
        warning,
        failure
    }

    static Finding ok(String check, String found) {
        return new Finding(check, Grade.ok, found, "");
    }

    static Finding warning(String check, String found, String advice) {
        return new Finding(check, Grade.warning, found, advice);
    }

    static Finding failure(String check, String found, String advice) {
        return new Finding(check, Grade.failure, found, advice);
    }

    List<Field> fields() {
        return List.of(
                Field.of("check", check),
                Field.of("grade", grade.name()),
                Field.of("found", found),
                Field.of("advice", advice));
    }
}
