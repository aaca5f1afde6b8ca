package doppio.peers;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.mse_loss;

import doppio.loss.CrossEntropy;
import java.util.List;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;

/** The workloads by libtorch, with tensors that are ready before the time is taken. */
final class TorchJobs {
  private TorchJobs() {}

  static Job of(Workload w, TorchTensors tensors) {
    return switch (w.kind()) {
      case TRAINING -> new Training(w, tensors);
      case ANSWER -> new Answers(w, tensors);
      case STREAM -> new TorchStream(w, tensors);
    };
  }

  /** The mean of the squared numbers. */
  static double meanSquare(Tensor t) {
    return t.square().mean().item_double();
  }

  private static final class Training implements Job {
    private final TorchModel model;
    private final boolean classes;
    private final SGD optimizer;
    private final List<Tensor> inputs;
    private final List<Tensor> targets;
    private int runs;
    private Tensor loss = new Tensor();

    Training(Workload w, TorchTensors tensors) {
      model = new TorchModel(w.model(), tensors, true);
      classes = w.loss() instanceof CrossEntropy;
      SGDOptions options = new SGDOptions(w.rate());
      options.momentum().put(w.momentum());
      optimizer = new SGD(model.parameters(), options);
      inputs = w.inputBatches().stream().map(tensors::of).toList();
      targets =
          w.targetBatches().stream()
              .map(t -> classes ? TorchTensors.indices(t) : tensors.of(t))
              .toList();
    }

    @Override
    public void run() {
      int batch = runs++ % inputs.size();
      optimizer.zero_grad();
      loss.close();
      Tensor prediction = model.forward(inputs.get(batch));
      Tensor target = targets.get(batch);
      loss = classes ? cross_entropy_loss(prediction, target) : mse_loss(prediction, target);
      loss.backward();
      optimizer.step().close();
      model.close();
    }

    @Override
    public double result() {
      return loss.item_double();
    }
  }

  private static final class Answers implements Job {
    @SuppressWarnings("unused") // on for as long as it lives
    private final InferenceMode mode = new InferenceMode(true);

    private final TorchModel model;
    private final List<Tensor> inputs;
    private int runs;
    private Tensor last;

    Answers(Workload w, TorchTensors tensors) {
      model = new TorchModel(w.model(), tensors, false);
      inputs = w.inputBatches().stream().map(tensors::of).toList();
    }

    @Override
    public void run() {
      model.close();
      last = model.forward(inputs.get(runs++ % inputs.size()));
    }

    @Override
    public double result() {
      return meanSquare(last);
    }
  }
}
