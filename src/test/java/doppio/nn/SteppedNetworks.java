package doppio.nn;

import doppio.Generator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Whole networks that can be answered step by step, for tests; all take three features. */
final class SteppedNetworks {
  static final int FEATURES = 3;

  private SteppedNetworks() {}

  /** The networks by name, with the same numbers at each call. */
  static Map<String, Module> all() {
    Generator g = new Generator(7);
    Map<String, Module> networks = new LinkedHashMap<>();
    networks.put("LSTM", new Sequential(new LSTM(3, 33, g), new Linear(33, 2, g)));
    networks.put(
        "GRU of two layers",
        new Sequential(
            new GRU(3, 16, 2, false, g),
            new LayerNorm(16),
            new GELU(),
            new Dropout(0.5, g),
            new Linear(16, 5, g),
            new LogSoftmax()));
    networks.put("RNN", new Sequential(new RNN(3, 7, g), new Tanh(), new Linear(7, 1, g)));
    networks.put(
        "causal convolutions",
        new Sequential(
            new Linear(3, 8, g),
            new Residual(new Sequential(new CausalConv1d(8, 8, 3, 1, g), new ReLU())),
            new Residual(
                new Sequential(new CausalConv1d(8, 8, 2, 4, g), new SiLU()), new Linear(8, 8, g)),
            new Linear(8, 2, g)));
    networks.put(
        "branches",
        new Sequential(
            new Concat(new GRU(3, 4, g), new CausalConv1d(3, 5, 2, 1, g), new Sequential()),
            new LSTM(12, 6, g),
            new Linear(6, 2, g)));
    networks.put(
        "encoder",
        new Sequential(
            new Linear(3, 8, g),
            new PositionalEncoding(8),
            new TransformerEncoderLayer(8, 2, 16, 0.1, new GELU(), true, true, g),
            new TransformerEncoderLayer(8, 4, 12, 0.1, new ReLU(), false, true, g),
            new SelfAttention(8, 2, true, g),
            new LayerNorm(8),
            new Linear(8, 2, g)));
    return networks;
  }
}
