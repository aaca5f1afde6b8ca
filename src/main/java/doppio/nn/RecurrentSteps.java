package doppio.nn;

import doppio.Tensor;
import doppio.internal.layer.Track;
import java.util.LinkedHashMap;
import java.util.Map;

/** The steps of a recurrent layer: the state of each of its layers, and of an LSTM the memory. */
final class RecurrentSteps extends Steps {
  private final Recurrent layer;
  private final Track[] tracks;
  private final Tensor output;

  RecurrentSteps(Recurrent layer) {
    this.layer = layer;
    tracks = layer.start();
    output = Tensor.zeros(1, layer.hiddenSize());
  }

  @Override
  public Tensor step(Tensor x) {
    if (x.size() != layer.inputSize()) {
      layer.outputShape(x.shape());
    }
    layer.step(x, output, tracks);
    return output;
  }

  @Override
  public void advance() {
    for (Track t : tracks) {
      t.advance();
    }
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    for (int i = 0; i < tracks.length; i++) {
      Tensor h = Tensor.zeros(layer.hiddenSize());
      System.arraycopy(tracks[i].states(), 0, h.data(), 0, h.size());
      state.put("h_l" + i, h);
      if (layer.memory() >= 0) {
        Tensor c = Tensor.zeros(layer.hiddenSize());
        System.arraycopy(tracks[i].kept(), layer.memory(), c.data(), 0, c.size());
        state.put("c_l" + i, c);
      }
    }
    return state;
  }

  @Override
  public void load(Map<String, Tensor> state) {
    fill(layer, state(), state);
    for (int i = 0; i < tracks.length; i++) {
      double[] h = state.get("h_l" + i).data();
      System.arraycopy(h, 0, tracks[i].states(), 0, h.length);
      if (layer.memory() >= 0) {
        double[] c = state.get("c_l" + i).data();
        System.arraycopy(c, 0, tracks[i].kept(), layer.memory(), c.length);
      }
    }
  }
}
