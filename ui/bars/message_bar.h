// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// MessageBar: one sentence in the window with buttons that act on it, in place of a dialog. Not
// for: deciding which sentence is shown (notice_bar.h, undo_bar.h).

#include <QFrame>
#include <QList>
#include <QPointer>
#include <QString>

#include <functional>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QToolButton;

namespace sendoff::ui {

enum class Tone { Information, Held, Attention };

struct BarAction {
    QString text; // a verb, with a mnemonic
    std::function<void()> act; // after the bar was closed
    bool keepsBar = false; // the bar stays and its text may be replaced
};

struct BarMessage {
    Tone tone = Tone::Information;
    QString text; // plain text, wrapped
    QList<BarAction> actions;
    QString closeText; // of the closing button, for a screen reader; empty = cannot be closed
};

class MessageBar : public QFrame {
    Q_OBJECT

public:
    explicit MessageBar(QWidget *parent = nullptr);

    // Shows the bar. The focus stays where it is; a screen reader is told the text.
    void setMessage(BarMessage message);
    const BarMessage &message() const { return m_message; }
    // Hides the bar; where it had the focus, that goes to `returnFocusTo`.
    void dismiss();
    void returnFocusTo(QWidget *widget) { m_returnFocusTo = widget; }

Q_SIGNALS:
    // By its closing button or one of its actions.
    void dismissed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    // True while the user is at the bar: the pointer is over it or the focus is in it.
    bool isAttended() const;

private:
    void rebuildButtons();
    void showIcon();
    void trigger(const BarAction &action);

    BarMessage m_message;
    QPointer<QWidget> m_returnFocusTo;
    QHBoxLayout *m_row;
    QLabel *m_icon;
    QLabel *m_text;
    QHBoxLayout *m_buttons;
    QToolButton *m_close;
};

} // namespace sendoff::ui
