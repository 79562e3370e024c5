package io.tarn.testing.simulation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A static method that simulated code calls instead of the method of the same name and parameters of a type of the JDK; where that is no static one, its receiver comes
 * first.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Replaces {
    Class<?> value();
}
