package io.tarn.testing.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Loads Tarn's classes anew, with each call of the JDK that has to do with time, threads or chance replaced by one into the simulation ({@link Replaces}). What runs in production is
 * written without a thought of simulation, therefore; what it calls of other libraries is not rewritten, and may not wait for a time.
 */
public final class SimulatedClasses extends ClassLoader {
    private static final String OURS = "io.tarn.";
    private static final String KERNEL = Simulation.class.getPackageName() + ".";
    private static final List<Class<?>> REPLACEMENTS =
            List.of(SimulatedTime.class, SimulatedThreads.class, SimulatedChance.class, SimulatedLog.class);

    private final Map<String, List<Method>> byName = new HashMap<>();
    private final ClassFile files;
    private final Set<String> planted;

    /** @param planted classes of more replacements, of Tarn's own methods too: defects, to see whether they are found. They are not rewritten by each other */
    public SimulatedClasses(ClassLoader parent, List<Class<?>> planted) {
        super(parent);
        this.planted = planted.stream().map(Class::getName).collect(Collectors.toSet());
        files = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(parent).orElse(ClassHierarchyResolver.defaultResolver())));
        List<Class<?>> all = new ArrayList<>(REPLACEMENTS);
        all.addAll(planted);
        for (Class<?> type : all) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.isAnnotationPresent(Replaces.class)) {
                    byName.computeIfAbsent(method.getName(), name -> new ArrayList<>())
                            .add(method);
                }
            }
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS) || name.startsWith(KERNEL)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = rewrite(in.readAllBytes(), planted.contains(name));
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] rewrite(byte[] original, boolean isPlanted) {
        ClassModel model = files.parse(original);
        return files.transformClass(model, ClassTransform.transformingMethodBodies(replaceCalls(isPlanted)));
    }

    private CodeTransform replaceCalls(boolean isPlanted) {
        return (code, element) -> {
            Method replacement = element instanceof InvokeInstruction call ? replacement(call) : null;
            if (replacement == null
                    || (isPlanted
                            && planted.contains(replacement.getDeclaringClass().getName()))) {
                code.with(element);
                return;
            }
            ClassDesc owner =
                    replacement.getDeclaringClass().describeConstable().orElseThrow();
            code.invokestatic(owner, replacement.getName(), descriptor(replacement));
            ClassDesc expected = ((InvokeInstruction) element).typeSymbol().returnType();
            if (replacement.getReturnType() == Object.class && !isInterface(expected)) {
                code.checkcast(expected);
            }
        };
    }

    private @Nullable Method replacement(InvokeInstruction call) {
        int receivers = call.opcode() == Opcode.INVOKESTATIC ? 0 : 1;
        for (Method method : byName.getOrDefault(call.name().stringValue(), List.of())) {
            List<ClassDesc> parameters = descriptor(method).parameterList();
            List<ClassDesc> asked = call.typeSymbol().parameterList();
            if (parameters.size() == asked.size() + receivers
                    && parameters.subList(receivers, parameters.size()).equals(asked)
                    && belongsTo(call, method.getAnnotation(Replaces.class).value())) {
                return method;
            }
        }
        return null;
    }

    private boolean belongsTo(InvokeInstruction call, Class<?> type) {
        String owner = call.owner().asInternalName().replace('/', '.');
        boolean comparable = owner.startsWith(OURS) == type.getName().startsWith(OURS);
        return comparable && find(owner).map(type::isAssignableFrom).orElse(false);
    }

    private boolean isInterface(ClassDesc type) {
        return find(type.descriptorString().replaceAll("^L|;$", "").replace('/', '.'))
                .map(Class::isInterface)
                .orElse(false);
    }

    private Optional<Class<?>> find(String name) {
        try {
            return Optional.of(Class.forName(name, false, getParent()));
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        }
    }

    private static MethodTypeDesc descriptor(Method method) {
        return MethodTypeDesc.of(
                method.getReturnType().describeConstable().orElseThrow(),
                List.of(method.getParameterTypes()).stream()
                        .map(type -> type.describeConstable().orElseThrow())
                        .toList());
    }
}
