package doppio.internal.onnx.save;

import doppio.nn.AvgPool2d;
import doppio.nn.BatchNorm1d;
import doppio.nn.BatchNorm2d;
import doppio.nn.CausalConv1d;
import doppio.nn.ColumnEmbeddings;
import doppio.nn.Concat;
import doppio.nn.Conv1d;
import doppio.nn.Conv2d;
import doppio.nn.Dropout;
import doppio.nn.ELU;
import doppio.nn.Embedding;
import doppio.nn.Flatten;
import doppio.nn.GELU;
import doppio.nn.GRU;
import doppio.nn.GlobalAvgPool2d;
import doppio.nn.LSTM;
import doppio.nn.LastStep;
import doppio.nn.LayerNorm;
import doppio.nn.LeakyReLU;
import doppio.nn.Linear;
import doppio.nn.LogSoftmax;
import doppio.nn.MaxPool2d;
import doppio.nn.MeanOverSteps;
import doppio.nn.Module;
import doppio.nn.PositionalEncoding;
import doppio.nn.RNN;
import doppio.nn.ReLU;
import doppio.nn.Residual;
import doppio.nn.SelfAttention;
import doppio.nn.Sequential;
import doppio.nn.SiLU;
import doppio.nn.Sigmoid;
import doppio.nn.Softmax;
import doppio.nn.Softplus;
import doppio.nn.Tanh;
import doppio.nn.TransformerEncoderLayer;
import java.util.HashMap;
import java.util.Map;

/** How each layer of the library is written: one row each, null for what ONNX does not carry. */
final class Table {
  private static final Map<Class<?>, Row<?>> ROWS = new HashMap<>();

  static {
    row(Linear.class, Dense::linear);
    row(Embedding.class, Lookups::embedding);
    row(ColumnEmbeddings.class, Lookups::columns);
    row(ReLU.class, (e, m, x) -> e.node("Relu", x.name()));
    row(LeakyReLU.class, Activations::leakyRelu);
    row(Sigmoid.class, (e, m, x) -> e.node("Sigmoid", x.name()));
    row(Tanh.class, (e, m, x) -> e.node("Tanh", x.name()));
    row(GELU.class, Activations::gelu);
    row(SiLU.class, Activations::silu);
    row(ELU.class, Activations::elu);
    row(Softplus.class, Activations::softplus);
    row(Softmax.class, (e, m, x) -> e.node("Softmax", Emitter.attributes("axis", -1L), x.name()));
    row(
        LogSoftmax.class,
        (e, m, x) -> e.node("LogSoftmax", Emitter.attributes("axis", -1L), x.name()));
    row(Dropout.class, (e, m, x) -> e.node("Dropout", x.name(), e.constant(m.p())));
    row(Flatten.class, (e, m, x) -> e.node("Flatten", Emitter.attributes("axis", 1L), x.name()));
    row(BatchNorm1d.class, Norms::batchNorm);
    row(BatchNorm2d.class, Norms::batchNorm);
    row(LayerNorm.class, Norms::layerNorm);
    row(Conv1d.class, Windows::conv1d);
    row(Conv2d.class, Windows::conv2d);
    row(MaxPool2d.class, Windows::maxPool);
    row(AvgPool2d.class, Windows::averagePool);
    row(GlobalAvgPool2d.class, Windows::globalAverage);
    row(Sequential.class, Dense::sequential);
    row(Residual.class, Dense::residual);
    row(Concat.class, Dense::concat);
    row(RNN.class, (e, m, x) -> Sequences.recurrent(e, m, x, "RNN", 0));
    row(GRU.class, (e, m, x) -> Sequences.recurrent(e, m, x, "GRU", 1, 0, 2));
    row(LSTM.class, (e, m, x) -> Sequences.recurrent(e, m, x, "LSTM", 0, 3, 1, 2));
    row(LastStep.class, Sequences::lastStep);
    row(MeanOverSteps.class, Sequences::meanOverSteps);
    refused(CausalConv1d.class);
    refused(SelfAttention.class);
    refused(TransformerEncoderLayer.class);
    refused(PositionalEncoding.class);
  }

  private Table() {}

  /** Writes the nodes of a module for a value; returns the name of the result. */
  @FunctionalInterface
  interface Row<M extends Module> {
    String emit(Emitter e, M module, Value x);
  }

  /**
   * Writes a module.
   *
   * @throws IllegalArgumentException if it has no row
   */
  static Value emit(Emitter e, Module module, Value x, String path) {
    Row<?> row = ROWS.get(module.getClass());
    if (row == null) {
      throw new IllegalArgumentException(
          module
              + (path.isEmpty() ? "" : " at " + path)
              + " cannot be written as ONNX: it is none of the library's layers that ONNX has"
              + " operators for");
    }
    return Emitter.result(module, x, emit(e, row, module, x));
  }

  @SuppressWarnings("unchecked") // a row stands under the class of its modules
  private static <M extends Module> String emit(Emitter e, Row<M> row, Module module, Value x) {
    return row.emit(e, (M) module, x);
  }

  private static <M extends Module> void row(Class<M> type, Row<M> row) {
    ROWS.put(type, row);
  }

  /** A layer that is not written. */
  private static void refused(Class<? extends Module> type) {
    ROWS.put(type, null);
  }
}
