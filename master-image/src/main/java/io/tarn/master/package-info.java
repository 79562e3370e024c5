/**
 * The master: owner of the namespace. Starting points: {@code journal} (the log), {@code record} (what it holds), {@code state} (what replay makes of
 * it), {@code leader} (validate, append, apply), {@code namespace} (the operations), {@code mirror} (what mounted stores hold), {@code rpc}.
 */
@NullMarked
package io.tarn.master;

import org.jspecify.annotations.NullMarked;
