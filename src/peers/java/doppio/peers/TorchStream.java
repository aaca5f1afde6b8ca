package doppio.peers;

import static org.bytedeco.pytorch.global.torch.lstm_cell;

import doppio.nn.LSTM;
import java.util.List;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;

/** A stream through an LSTM by libtorch's operation for one step, which is its fastest. */
final class TorchStream implements Job {
  @SuppressWarnings("unused") // on for as long as it lives
  private final InferenceMode mode = new InferenceMode(true);

  private final List<Tensor> inputs;
  private final Tensor inputWeight;
  private final Tensor stateWeight;
  private final TensorOptional inputBias;
  private final TensorOptional stateBias;
  private T_TensorTensor_T state;
  private int runs;

  TorchStream(Workload w, TorchTensors tensors) {
    LSTM model = (LSTM) w.model();
    inputs = w.inputBatches().stream().map(tensors::of).toList();
    List<Tensor> weights = model.parameters().stream().map(p -> tensors.of(p.value())).toList();
    inputWeight = weights.get(0);
    stateWeight = weights.get(1);
    inputBias = new TensorOptional(weights.get(2));
    stateBias = new TensorOptional(weights.get(3));
    doppio.Tensor zeros = doppio.Tensor.zeros(1, model.hiddenSize());
    state = new T_TensorTensor_T(tensors.of(zeros), tensors.of(zeros));
  }

  @Override
  public void run() {
    Tensor x = inputs.get(runs++ % inputs.size());
    try (T_TensorTensor_T before = state;
        TensorVector hiddenAndCell = new TensorVector(before.get0(), before.get1())) {
      state = lstm_cell(x, hiddenAndCell, inputWeight, stateWeight, inputBias, stateBias);
    }
  }

  @Override
  public double result() {
    return TorchJobs.meanSquare(state.get0());
  }
}
