/** Identities of files, file versions and blocks. */
@NullMarked
package io.tarn.protocol.id;

import org.jspecify.annotations.NullMarked;
