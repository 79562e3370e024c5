package io.tarn.understore.s3;

import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/**
 * Drops what a listing's answer repeats of its question. Ceph's gateway repeats it as it came, while the SDK decodes it as the keys beside it, and
 * fails on a prefix with a "%". Runs before the SDK decodes: of interceptors the last added sees an answer first. Immutable.
 */
final class ListingEchoes implements ExecutionInterceptor {
    @Override
    public SdkResponse modifyResponse(Context.ModifyResponse context, ExecutionAttributes attributes) {
        return context.response() instanceof ListObjectsV2Response listing
                ? listing.toBuilder()
                        .prefix(null)
                        .startAfter(null)
                        .delimiter(null)
                        .build()
                : context.response();
    }
}
