package io.tarn.runtime.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Writes the reference of settings in Markdown: a table for each component of a process. */
public final class ConfigReference {
    private ConfigReference() {}

    /** The tables of a process's record: its own settings, then each nested record's under a heading of its own. */
    public static String markdown(Class<? extends Record> process) {
        StringBuilder text = new StringBuilder();
        appendTables(process, text, new HashSet<>());
        return text.toString();
    }

    private static void appendTables(Class<? extends Record> type, StringBuilder text, Set<Class<?>> seen) {
        if (!seen.add(type)) {
            return;
        }
        List<RecordComponent> settings = new ArrayList<>();
        List<Class<? extends Record>> nested = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.isAnnotationPresent(Setting.class)) {
                settings.add(component);
            } else {
                nested.add(component.getType().asSubclass(Record.class));
            }
        }
        if (!settings.isEmpty()) {
            text.append("\n## ").append(title(type)).append("\n\n");
            text.append("| key | type | default | allowed | what it does |\n|---|---|---|---|---|\n");
            settings.forEach(component -> text.append(row(component)));
        }
        nested.forEach(each -> appendTables(each, text, seen));
    }

    /** "WorkerTransferConfig" is written "Worker transfer". */
    private static String title(Class<?> type) {
        String words = type.getSimpleName().replaceAll("(Config|Settings)$", "").replaceAll("(?<=[a-z])(?=[A-Z])", " ");
        return words.charAt(0) + words.substring(1).toLowerCase(Locale.ROOT);
    }

    private static String row(RecordComponent component) {
        Setting setting = component.getAnnotation(Setting.class);
        SettingType type = SettingType.of(component.getGenericType());
        String allowed = type.allowed().isEmpty() ? Bounds.of(setting) : type.allowed();
        return "| `" + setting.key() + "` | " + type.name() + " | " + defaultOf(setting) + " | " + cell(allowed) + " | "
                + cell(setting.doc()) + " |\n";
    }

    private static String defaultOf(Setting setting) {
        if (setting.required()) {
            return "must be set";
        }
        return setting.defaultValue().isEmpty() ? "empty" : "`" + setting.defaultValue() + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
