package doppio.nn;

import doppio.Tensor;
import doppio.internal.layer.Track;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** The steps of a recurrent layer: the state of each of its layers, and of an LSTM the memory. */
final class RecurrentSteps extends Steps {
  private final Layer layer;
  private final int in;
  private final int hidden;
  private final int memory;
  private final Track[] tracks;
  private final BiConsumer<Tensor, Tensor> next;
  private final Tensor output;

  /**
   * From the start of a sequence.
   *
   * @param layer what messages name
   * @param memory where the cell's own memory stands among what a track of one step keeps;
   *     negative: nowhere
   * @param tracks the states, one for each layer
   * @param next computes an input's output from the states in the tracks
   */
  RecurrentSteps(
      Layer layer,
      int in,
      int hidden,
      int memory,
      Track[] tracks,
      BiConsumer<Tensor, Tensor> next) {
    this.layer = layer;
    this.in = in;
    this.hidden = hidden;
    this.memory = memory;
    this.tracks = tracks;
    this.next = next;
    output = Tensor.zeros(1, hidden);
  }

  @Override
  public Tensor step(Tensor x) {
    if (x.size() != in) {
      layer.outputShape(x.shape());
    }
    next.accept(x, output);
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
      Tensor h = Tensor.zeros(hidden);
      System.arraycopy(tracks[i].states(), 0, h.data(), 0, h.size());
      state.put("h_l" + i, h);
      if (memory >= 0) {
        Tensor c = Tensor.zeros(hidden);
        System.arraycopy(tracks[i].kept(), memory, c.data(), 0, c.size());
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
      if (memory >= 0) {
        double[] c = state.get("c_l" + i).data();
        System.arraycopy(c, 0, tracks[i].kept(), memory, c.length);
      }
    }
  }
}
