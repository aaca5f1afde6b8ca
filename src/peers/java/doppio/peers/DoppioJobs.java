package doppio.peers;

import doppio.Tensor;
import doppio.loss.Loss;
import doppio.nn.Module;
import doppio.optim.Momentum;
import doppio.optim.Optimizer;
import doppio.optim.SGD;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** The workloads by this library. */
final class DoppioJobs {
  private DoppioJobs() {}

  static Job of(Workload w) {
    return switch (w.kind()) {
      case TRAINING -> new Training(w);
      case ANSWER -> new Answers(w.inputBatches(), w.model()::infer);
      case STREAM -> new Answers(rows(w), w.model().stepper()::step);
    };
  }

  /** Each step of a stream as a vector. */
  private static List<Tensor> rows(Workload w) {
    return w.inputBatches().stream().map(x -> x.reshape(x.size())).toList();
  }

  private static final class Training implements Job {
    private final Module model;
    private final Loss loss;
    private final Optimizer optimizer;
    private final List<Tensor> inputs;
    private final List<Tensor> targets;
    private int runs;
    private double last;

    Training(Workload w) {
      model = w.model().train();
      loss = w.loss();
      optimizer =
          w.momentum() == 0
              ? new SGD(model.parameters(), w.rate())
              : new Momentum(model.parameters(), w.rate(), w.momentum());
      inputs = w.inputBatches();
      targets = w.targetBatches();
    }

    @Override
    public void run() {
      int batch = runs++ % inputs.size();
      optimizer.zeroGrad();
      last = loss.forward(model.forward(inputs.get(batch)), targets.get(batch));
      model.accumulateGradients(loss.backward());
      optimizer.step();
    }

    @Override
    public double result() {
      return last;
    }
  }

  private static final class Answers implements Job {
    private final List<Tensor> inputs;
    private final UnaryOperator<Tensor> answer;
    private int runs;
    private Tensor last;

    Answers(List<Tensor> inputs, UnaryOperator<Tensor> answer) {
      this.inputs = inputs;
      this.answer = answer;
    }

    @Override
    public void run() {
      last = answer.apply(inputs.get(runs++ % inputs.size()));
    }

    @Override
    public double result() {
      return Arrays.stream(last.data()).map(v -> v * v).average().orElseThrow();
    }
  }
}
