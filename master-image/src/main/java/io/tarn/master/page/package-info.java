/** The page about the cluster that people look at. Starting point: {@link io.tarn.master.page.StatusPage}. */
@NullMarked
package io.tarn.master.page;

import org.jspecify.annotations.NullMarked;
