package io.tarn.master.rpc;

import io.grpc.stub.StreamObserver;

/** Does something once an answer has been given, and not where the call fails. For one call. */
record SteppingDown<T>(StreamObserver<T> answer, Runnable then) implements StreamObserver<T> {
    @Override
    public void onNext(T value) {
        answer.onNext(value);
    }

    @Override
    public void onError(Throwable failure) {
        answer.onError(failure);
    }

    @Override
    public void onCompleted() {
        answer.onCompleted();
        then.run();
    }
}
