package io.tarn.runtime.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes configuration records from sources, collecting problems instead of stopping at the first. For one thread and one load. */
final class RecordBinder {
    private final List<ConfigSource> sources;
    private final List<String> problems;
    private final Set<String> knownKeys = new TreeSet<>();

    /** @param sources the first that has a key wins */
    RecordBinder(List<ConfigSource> sources, List<String> problems) {
        this.sources = sources;
        this.problems = problems;
    }

    /** Keys of all settings seen so far. */
    Set<String> knownKeys() {
        return knownKeys;
    }

    /** The record, or null where one of its settings has a problem. */
    <R extends Record> @Nullable R bind(Class<R> type) {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = valueOf(components[i]);
        }
        return Arrays.asList(values).contains(null) ? null : construct(type, components, values);
    }

    private @Nullable Object valueOf(RecordComponent component) {
        Setting setting = component.getAnnotation(Setting.class);
        if (setting != null) {
            return settingValue(setting, SettingType.of(component.getGenericType()));
        }
        if (component.getType().isRecord()) {
            return bind(component.getType().asSubclass(Record.class));
        }
        throw new IllegalArgumentException(component.getDeclaringRecord().getName() + "." + component.getName()
                + " is neither a @Setting nor a record of settings");
    }

    private @Nullable Object settingValue(Setting setting, SettingType type) {
        knownKeys.add(setting.key());
        for (ConfigSource source : sources) {
            String text = source.value(setting.key());
            if (text != null) {
                return parse(source.name() + ": " + source.written(setting.key()), text, setting, type);
            }
        }
        if (setting.required()) {
            problems.add(setting.key() + " is not set; set it in the configuration file or as "
                    + EnvironmentSource.variableOf(setting.key()) + ": " + setting.doc());
            return null;
        }
        return parse("default of " + setting.key(), setting.defaultValue(), setting, type);
    }

    private @Nullable Object parse(String where, String text, Setting setting, SettingType type) {
        try {
            Object value = type.parse(text);
            if (type.isWithin(value, setting.min(), setting.max())) {
                return value;
            }
            problems.add(where + " = " + text + " is out of bounds; " + Bounds.of(setting));
        } catch (IllegalArgumentException e) {
            problems.add(where + " = " + text + " is not a " + type.name() + "; " + e.getMessage());
        }
        return null;
    }

    private <R extends Record> @Nullable R construct(
            Class<R> type, RecordComponent[] components, @Nullable Object[] values) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                problems.add(String.valueOf(refused.getMessage()));
                return null;
            }
            throw new IllegalStateException("the constructor of " + type.getName() + " failed", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("cannot make a " + type.getName(), e);
        }
    }
}
