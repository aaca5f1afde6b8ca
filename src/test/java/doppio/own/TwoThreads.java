package doppio.own;

import doppio.Tensor;
import doppio.data.Batch;
import doppio.loss.Loss;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.train.GradientSource;
import doppio.train.Step;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Gives the first half of a batch to another thread: a source of gradients of one's own. */
public final class TwoThreads implements GradientSource {
  /** A half's loss, and its gradients. */
  private record Half(double value, List<Tensor> gradients) {}

  @Override
  public double compute(Step step) {
    int cut = step.size() / 2;
    Module model = step.model();
    Module replica = model.replica();
    Loss loss = step.loss().copy();
    CompletableFuture<Half> first =
        CompletableFuture.supplyAsync(() -> half(replica, loss, step.read(0, cut)));
    Half second = half(model, step.loss(), step.read(cut, step.size()));
    Half other = first.join();
    List<Parameter> parameters = model.parameters();
    for (int p = 0; p < parameters.size(); p++) {
      double[] gradient = parameters.get(p).accumulator().data();
      double[] a = other.gradients().get(p).data();
      double[] b = second.gradients().get(p).data();
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] = 0.5 * a[i] + 0.5 * b[i];
      }
    }
    return (other.value() + second.value()) / 2;
  }

  private static Half half(Module model, Loss loss, Batch batch) {
    double value = loss.forward(model.forward(batch.inputs()), batch.targets());
    model.accumulateGradients(loss.backward());
    return new Half(value, model.parameters().stream().map(p -> p.grad().copy()).toList());
  }
}
